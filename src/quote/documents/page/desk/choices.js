// The choices in the ranges of the tariff (I2, I3, I72), as the contract file writes them.
// A choice is a point (low, mid, high), a number, `interpolate`, `none`, or null: what `ranges` or the default gives.

const STEPS_PER_UNIT = 10_000n; // a contract states a coefficient with up to four decimals
const STEP_DECIMALS = 4;

/** A range of the tariff: its ends, its steps of 0.0001 and the coefficient of each choice. */
class TariffRange {
  constructor(data) {
    Object.assign(this, { key: data, name: data.name, clause: data.clause });
    Object.assign(this, { contractChoice: data.choice, chosenBy: data.chosen_by });
    this.low = parseDecimal(data.low);
    this.high = parseDecimal(data.high);
    this.quoted = parseDecimal(data.value);
    // the first and the last coefficient in the range that has four decimals, in steps of 0.0001
    const steps = (end, roundUp) => {
      const [numerator, divisor] = [end.digits * STEPS_PER_UNIT, 10n ** BigInt(end.scale)];
      return Number((numerator + (roundUp ? divisor - 1n : 0n)) / divisor);
    };
    this.firstStep = steps(this.low, true);
    this.lastStep = Math.max(steps(this.high, false), this.firstStep);
  }

  get steps() {
    return this.lastStep - this.firstStep;
  }

  /** The number that is `step` steps above the lower end. */
  numberAt(step) {
    return formatDecimal({ digits: BigInt(this.firstStep + step), scale: STEP_DECIMALS });
  }

  /** The step nearest to a coefficient. */
  nearestStep(coefficient) {
    const step = roundedQuotient(coefficient.digits * STEPS_PER_UNIT, 10n ** BigInt(coefficient.scale));
    return Math.min(Math.max(Number(step), this.firstStep), this.lastStep) - this.firstStep;
  }

  /** The coefficient of a choice. */
  coefficient(choice) {
    if (choice === this.contractChoice) return this.quoted;
    if (choice === "none") return parseDecimal("1");
    if (choice === "low") return this.low;
    if (choice === "high") return this.high;
    if (choice === "mid") return middle(this.low, this.high);
    return parseDecimal(choice);
  }

  /** The ends of the corridor: both are 1 where the coefficient is left out. */
  ends(choice) {
    const one = parseDecimal("1");
    return choice === "none" ? [one, one] : [this.low, this.high];
  }

  /** The choice of a number that a person types, or null where it is no lawful one. */
  parseNumber(text) {
    const plain = text.trim().replace(",", ".");
    if (!/^\d{1,9}(\.\d{1,4})?$/.test(plain)) return null;
    const number = parseDecimal(plain);
    return compare(this.low, number) <= 0 && compare(number, this.high) <= 0 ? formatDecimal(number) : null;
  }
}

// JSON writes a text as a basic string of TOML
const tomlString = (text) => JSON.stringify(text).replaceAll("\u007f", "\\u007f");

/** The section `[choices]` of a contract file with these choices, then the lines of each cover that they change. */
const choicesToml = (data, ranges, choices, coverHeading) => {
  const lines = ["[choices]"];
  const assign = (key, choice) => lines.push(`${key} = ${tomlString(choice)}`);
  if (data.choices.ranges !== null) assign("ranges", data.choices.ranges);
  let headcount = data.choices.headcount;
  const risk = data.choices.risk.map(([group, choice]) => [group, choice]);
  ranges.forEach(({ key }, at) => {
    if (choices[at] === null) return;
    if (key.key === "headcount") headcount = choices[at];
    if (key.key === "risk") risk.push([key.group, choices[at]]);
  });
  if (headcount !== null) assign("headcount", headcount);
  risk.sort(([one], [other]) => one - other);
  if (risk.length > 0) {
    lines.push(`risk = { ${risk.map(([group, choice]) => `${group} = ${tomlString(choice)}`).join(", ")} }`);
  }
  for (const cover of data.covers) {
    const ofCover = coverLines(cover, ranges, choices);
    if (ofCover.length > 0) lines.push("", `# ${coverHeading(cover)}`, ...ofCover);
  }
  return lines.join("\n") + "\n";
};

/** The lines of a cover whose choices are not those of the contract; each replaces the line with the same key. */
const coverLines = (cover, ranges, choices) => {
  const lines = [];
  const exclude = cover.exclude.map(([code, choice]) => ({ code, choice }));
  let isExcludeChanged = false;
  ranges.forEach(({ key, contractChoice }, at) => {
    if (key.plan !== cover.plan || key.cover !== cover.cover || choices[at] === contractChoice) return;
    if (key.key === "base_rate") lines.push(`base_rate = ${tomlString(choices[at])}`);
    if (key.key === "exclude") {
      exclude[key.service].choice = choices[at];
      isExcludeChanged = true;
    }
  });
  if (isExcludeChanged) {
    const items = exclude.map(({ code, choice }) =>
      choice === null ? tomlString(code) : `{ service = ${tomlString(code)}, coefficient = ${tomlString(choice)} }`,
    );
    lines.push(`exclude = [${items.join(", ")}]`);
  }
  return lines;
};
