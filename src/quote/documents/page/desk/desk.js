// The desk: sliders in the ranges of the tariff, the premium that they give at once, a target premium, scenarios side by side, and the lines
// for the contract file. Every figure is computed by `Exposure`; the quote itself stays as it is.

class Desk {
  constructor(place, data) {
    this.data = data;
    this.words = data.words;
    this.figures = new Figures(data.language);
    this.exposure = new Exposure(data);
    this.ranges = data.ranges.map((range) => new TariffRange(range));
    this.quoted = { premium: BigInt(data.premium), plans: data.plans.map((plan) => BigInt(plan.premium)) };
    this.contractChoices = this.ranges.map((range) => range.contractChoice);
    this.choices = [...this.contractChoices];
    this.scenarios = [];
    this.scenariosKept = 0;
    this.presentCells = [];
    this.controls = this.ranges.map((range, at) => {
      return new RangeControl(range, `range-${at}`, this.words, this.figures, (choice) => this.move(at, choice));
    });
    if (!this.provesQuote()) {
      place.append(element("p", { class: "alarm", role: "alert" }, this.words.broken));
      return;
    }
    place.append(
      ...this.resultPart(),
      this.rangesPart(),
      this.targetPart(),
      this.plansPart(),
      this.scenariosPart(),
      this.choicesPart(),
    );
    this.show();
  }

  /** Whether the arithmetic of this browser gives the premium, the plans and the corridor of the quote. */
  provesQuote() {
    const plans = this.exposure.premiums(this.coefficients());
    const [low, high] = this.corridor();
    return (
      plans.every((premium, plan) => premium === this.quoted.plans[plan]) &&
      sum(plans) === this.quoted.premium &&
      low === BigInt(this.data.corridor[0]) &&
      high === BigInt(this.data.corridor[1])
    );
  }

  coefficients(choices = this.choices) {
    return this.ranges.map((range, at) => range.coefficient(choices[at]));
  }

  /** The premiums with every range at its low end and at its high end; only a coefficient that is left out changes them. */
  corridor() {
    const leftOut = this.choices.map((choice) => choice === "none").join();
    if (this.corridorOf !== leftOut) {
      this.corridorOf = leftOut;
      const ends = this.ranges.map((range, at) => range.ends(this.choices[at]));
      this.corridorPremiums = [0, 1].map((end) => this.exposure.premium(ends.map((both) => both[end])));
    }
    return this.corridorPremiums;
  }

  move(at, choice) {
    this.choices[at] = choice;
    this.show();
  }

  moveAll(choices) {
    this.choices = [...choices];
    this.show();
  }

  perInsured(premium) {
    return roundedQuotient(premium, BigInt(this.data.headcount));
  }

  show() {
    const plans = this.exposure.premiums(this.coefficients());
    const premium = sum(plans);
    const [low, high] = this.corridor();
    this.position = { choices: [...this.choices], plans, premium };
    this.controls.forEach((control, at) => control.show(this.choices[at]));
    const { figures, words, quoted } = this;
    this.premium.textContent = figures.amount(premium);
    this.difference.textContent = this.differenceText(premium);
    this.perHead.textContent = `${words.perInsured}: ${figures.amount(this.perInsured(premium))}`;
    this.corridorText.textContent = filled(words.corridor, { low: figures.amount(low), high: figures.amount(high) });
    const place = high > low ? Number(((premium - low) * 1000n) / (high - low)) / 10 : 0;
    this.corridorMark.style.left = `${Math.min(Math.max(place, 0), 100)}%`;
    this.planCells.forEach(({ now, change, mean }, at) => {
      now.textContent = figures.amount(plans[at]);
      change.textContent = figures.difference(plans[at] - quoted.plans[at]);
      const { insured } = this.data.plans[at];
      mean.textContent = insured > 0 ? figures.amount(roundedQuotient(plans[at], BigInt(insured))) : "";
    });
    this.targetNote.textContent = "";
    this.copied.textContent = "";
    this.toml.textContent = choicesToml(this.data, this.ranges, this.choices, (cover) => {
      const [plan, programme] = cover.codes.map((code) => code.replace(/\p{Cc}/gu, " "));
      return filled(words.cover, { plan, programme });
    });
    this.presentCells.forEach(([cell, text]) => (cell.textContent = text(this.position)));
  }

  differenceText(premium) {
    const difference = premium - this.quoted.premium;
    if (difference === 0n) return this.words.same;
    const percent = this.figures.decimal(percentage(difference, this.quoted.premium));
    return filled(this.words.difference, { difference: this.figures.difference(difference), percent });
  }

  resultPart() {
    this.premium = element("strong", { class: "premium" });
    this.difference = element("span", { class: "quiet" });
    this.perHead = element("p", { class: "desk-per-insured" });
    this.corridorText = element("p", { class: "quiet" });
    this.corridorMark = element("span");
    return [
      // beside the ranges, so that it stays in view while they move
      element("div", { class: "desk-result", role: "status" }, this.premium, " ", this.difference),
      this.perHead,
      element("div", { class: "desk-corridor", "aria-hidden": "true" }, this.corridorMark),
      this.corridorText,
    ];
  }

  rangesPart() {
    const reset = button(this.words.reset, () => this.moveAll(this.contractChoices));
    const controls = this.controls.map((control) => control.element);
    return element("div", {}, element("div", { class: "desk-ranges" }, ...controls), reset);
  }

  targetPart() {
    const { words } = this;
    this.targetNote = element("p", { role: "status" });
    this.target = element("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      id: "desk-target",
      onkeydown: (event) => event.key === "Enter" && this.findTarget(),
    });
    return element(
      "div",
      { class: "desk-target" },
      element("label", { for: "desk-target" }, words.target),
      this.target,
      button(words.find, () => this.findTarget()),
      this.targetNote,
    );
  }

  findTarget() {
    const { words, figures } = this;
    const target = figures.parseAmount(this.target.value);
    if (target === null) {
      this.targetNote.textContent = words.amountUnreadable;
      return;
    }
    const free = this.controls.flatMap((control, at) => (control.isFree(this.choices[at]) ? [at] : []));
    const choicesAt = (steps) => {
      const choices = [...this.choices];
      free.forEach((at, place) => (choices[at] = this.ranges[at].numberAt(steps[place])));
      return choices;
    };
    const premiumAt = (steps) => this.exposure.premium(this.coefficients(choicesAt(steps)));
    const found = solveTarget(
      free.map((at) => this.ranges[at].steps),
      premiumAt,
      target,
    );
    if (found.steps === null) {
      const [low, high] = [found.lowest, found.highest].map((premium) => figures.amount(premium));
      this.targetNote.textContent = filled(words.targetOutside, { low, high });
      return;
    }
    this.moveAll(choicesAt(found.steps));
    const off = this.position.premium - target;
    const text = off === 0n ? words.targetExact : off < 0n ? words.targetBelow : words.targetAbove;
    this.targetNote.textContent = filled(text, { off: figures.amount(off < 0n ? -off : off) });
  }

  plansPart() {
    const { words, figures } = this;
    const headings = [words.plan, words.insured, words.quoted, words.now, words.change, words.perInsured];
    const cell = (text = "") => element("td", { class: "n" }, text);
    this.planCells = [];
    const rows = this.data.plans.map(({ code, insured }, at) => {
      const [now, change, mean] = [cell(), cell(), cell()];
      this.planCells.push({ now, change, mean });
      const fixed = [cell(figures.count(insured)), cell(figures.amount(this.quoted.plans[at]))];
      return element("tr", {}, element("th", { scope: "row" }, code), ...fixed, now, change, mean);
    });
    return scrolled(words.plans, headings, rows);
  }

  scenariosPart() {
    this.scenariosPlace = element("div");
    this.keep = button(this.words.keep, () => {
      this.scenariosKept += 1;
      const name = filled(this.words.scenario, { number: this.figures.count(this.scenariosKept) });
      this.scenarios.push({ name, ...this.position });
      this.showScenarios();
    });
    return element("div", {}, this.keep, this.scenariosPlace);
  }

  /** The quote, the present position and the scenarios kept, side by side. */
  showScenarios() {
    this.presentCells = [];
    if (this.scenarios.length === 0) {
      this.scenariosPlace.replaceChildren();
      return;
    }
    const { words, figures } = this;
    const quoted = { name: words.quoted, choices: this.contractChoices, ...this.quoted };
    const columns = [quoted, { name: words.now, ...this.position }, ...this.scenarios];
    const row = (name, text) => {
      const cells = columns.map((column) => element("td", { class: "n" }, text(column)));
      this.presentCells.push([cells[1], text]);
      return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
    };
    const rows = [
      row(words.premium, ({ premium }) => figures.amount(premium)),
      row(words.change, ({ premium }) => figures.difference(premium - this.quoted.premium)),
      row(words.perInsured, ({ premium }) => figures.amount(this.perInsured(premium))),
      ...this.data.plans.map(({ code }, at) => row(`${words.plan} ${code}`, ({ plans }) => figures.amount(plans[at]))),
      ...this.ranges.map((range, at) =>
        row(range.name, ({ choices }) => {
          if (choices[at] === "none") return words.leftOut;
          return figures.decimal(formatDecimal(range.coefficient(choices[at])));
        }),
      ),
    ];
    const actions = this.scenarios.map((scenario) => {
      const take = button(words.take, () => this.moveAll(scenario.choices), {
        "aria-label": `${words.take}: ${scenario.name}`,
      });
      const remove = button(words.remove, () => this.removeScenario(scenario), {
        "aria-label": `${words.remove}: ${scenario.name}`,
      });
      return element("td", { class: "n" }, take, " ", remove);
    });
    rows.push(element("tr", {}, element("td"), element("td"), element("td"), ...actions));
    this.scenariosPlace.replaceChildren(scrolled(words.scenarios, ["", ...columns.map((column) => column.name)], rows));
  }

  removeScenario(scenario) {
    this.scenarios = this.scenarios.filter((other) => other !== scenario);
    this.showScenarios();
    this.keep.focus();
  }

  choicesPart() {
    const { words } = this;
    this.toml = element("pre", { tabindex: 0, role: "region", "aria-label": words.toml });
    this.copied = element("span", { role: "status" });
    return element(
      "div",
      {},
      element("p", {}, words.paste),
      this.toml,
      button(words.copy, () => this.copyChoices()),
      " ",
      this.copied,
    );
  }

  async copyChoices() {
    try {
      await navigator.clipboard.writeText(this.toml.textContent);
      this.copied.textContent = this.words.copied;
    } catch {
      // without leave to use the clipboard the text is selected, to be copied by hand
      getSelection().selectAllChildren(this.toml);
      this.copied.textContent = this.words.selected;
    }
  }
}

/** A table that scrolls sideways where the screen is narrow. */
const scrolled = (label, headings, rows) => {
  const cells = headings.map((heading, at) =>
    heading === "" ? element("td") : element("th", { scope: "col", class: at === 0 ? null : "n" }, heading),
  );
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...cells)), element("tbody", {}, ...rows));
  return element("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": label }, table);
};

const deskData = document.getElementById("desk-data");
if (deskData) {
  const section = document.getElementById("desk");
  new Desk(section, JSON.parse(deskData.textContent));
  section.hidden = false;
}
