// How the desk shows figures in the language of the page, and how it builds its elements.

const groupThousands = (digits, separator) => digits.replace(/\B(?=(\d{3})+$)/g, separator);

/** Figures in the form of a language: `64 389 052,15 ₽`, `₽64,389,052.15`. */
class Figures {
  constructor(language) {
    this.isRussian = language === "ru";
  }

  amount(kopecks) {
    const sign = kopecks < 0n ? "-" : "";
    const digits = (kopecks < 0n ? -kopecks : kopecks).toString().padStart(3, "0");
    const [whole, rest] = [digits.slice(0, -2), digits.slice(-2)];
    return this.isRussian
      ? `${sign}${groupThousands(whole, "\u00a0")},${rest} ₽`
      : `${sign}₽${groupThousands(whole, ",")}.${rest}`;
  }

  /** An amount with its sign, + too. */
  difference(kopecks) {
    return (kopecks > 0n ? "+" : "") + this.amount(kopecks);
  }

  decimal(text) {
    return this.isRussian ? text.replace(".", ",") : text;
  }

  count(number) {
    return groupThousands(number.toString(), this.isRussian ? "\u00a0" : ",");
  }

  /** The kopecks of an amount that a person types, or null. */
  parseAmount(text) {
    let plain = text.replace(/[\s\u00a0₽]/g, "");
    if (this.isRussian) plain = plain.replace(",", ".");
    else plain = plain.replace(/,(?=\d{3}(?!\d))/g, "");
    const found = /^(\d{1,20})(?:\.(\d{1,2}))?$/.exec(plain);
    return found && BigInt(found[1] + (found[2] ?? "").padEnd(2, "0"));
  }
}

/** The share of a difference in an amount, in per cent with two decimals, rounded half away from zero. */
const percentage = (difference, whole) => {
  if (whole === 0n) return "0.00";
  const size = difference < 0n ? -difference : difference;
  const text = formatDecimal({ digits: roundedQuotient(size * 10_000n, whole), scale: 2 });
  return (difference < 0n ? "-" : difference > 0n ? "+" : "") + text;
};

/** A text with its values: `from {low} to {high}`. */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** An element with attributes, listeners (`onclick`) and content. */
const element = (tag, attributes = {}, ...content) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...content);
  return made;
};

const button = (text, onclick, attributes = {}) => element("button", { type: "button", onclick, ...attributes }, text);
