// The control of one range: a slider, a number, the points, and whether a target premium may move it.

class RangeControl {
  /** `moved` is called with the new choice. */
  constructor(range, id, words, figures, moved) {
    Object.assign(this, { range, words, figures, moved });
    const describe = `${range.name} (§${range.clause})`;
    const [low, high] = [range.low, range.high].map((end) => figures.decimal(formatDecimal(end)));
    this.ends = { low, high };
    this.slider = element("input", {
      type: "range",
      min: 0,
      max: range.steps,
      step: 1,
      "aria-label": describe,
      oninput: () => moved(range.numberAt(Number(this.slider.value))),
    });
    this.number = element("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-label": `${words.coefficient}: ${describe}`,
      "aria-describedby": `${id}-error`,
      onchange: () => this.readNumber(),
      onkeydown: (event) => event.key === "Enter" && this.readNumber(),
    });
    this.error = element("p", { class: "desk-error", id: `${id}-error`, role: "alert" });
    this.points = new Map(
      this.pointNames().map(([choice, text]) => {
        const label = `${text}: ${range.name}`;
        return [choice, button(text, () => moved(choice), { "aria-label": label, "aria-pressed": "false" })];
      }),
    );
    this.free = element("input", { type: "checkbox", checked: true });
    this.element = element(
      "fieldset",
      { class: "desk-range", "data-range": id },
      element("legend", {}, range.name, " ", element("span", { class: "quiet" }, `§${range.clause} · ${low}–${high}`)),
      element("p", { class: "quiet" }, filled(words.stands, { place: this.contractPlace() })),
      element("div", { class: "desk-move" }, this.slider, this.number),
      element("div", { class: "desk-points" }, ...this.points.values()),
      element("label", { class: "desk-free" }, this.free, words.free),
      this.error,
    );
  }

  /** Where the contract stands in the range, and which line of it chose. */
  contractPlace() {
    const { contractChoice, quoted, chosenBy } = this.range;
    return contractChoice === "none" ? chosenBy : `${this.figures.decimal(formatDecimal(quoted))} (${chosenBy})`;
  }

  /** The choices that have a button, with its text. */
  pointNames() {
    const { words, range } = this;
    const names = [
      ["low", words.low],
      ["mid", words.mid],
      ["high", words.high],
    ];
    if (["headcount", "risk"].includes(range.key.key)) names.push(["none", words.none]);
    const isNamed = names.some(([choice]) => choice === range.contractChoice);
    if (!isNamed) names.push([range.contractChoice, words.contract]);
    return names;
  }

  readNumber() {
    const choice = this.range.parseNumber(this.number.value);
    if (choice === null) this.refuse(filled(this.words.outside, this.ends));
    else this.moved(choice);
  }

  refuse(message) {
    this.error.textContent = message;
    this.number.setAttribute("aria-invalid", "true");
  }

  /** Whether a target premium may move the range: it may not where the coefficient is left out. */
  isFree(choice) {
    return this.free.checked && choice !== "none";
  }

  show(choice) {
    const coefficient = this.range.coefficient(choice);
    const text = this.figures.decimal(formatDecimal(coefficient));
    this.error.textContent = "";
    this.number.removeAttribute("aria-invalid");
    this.number.value = text;
    this.slider.value = this.range.nearestStep(coefficient);
    this.slider.setAttribute("aria-valuetext", choice === "none" ? this.words.leftOut : text);
    this.element.classList.toggle("desk-left-out", choice === "none");
    for (const [point, made] of this.points) made.setAttribute("aria-pressed", String(point === choice));
  }
}
