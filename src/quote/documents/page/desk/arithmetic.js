"use strict";
// The price of the contract in whole numbers: exact decimals, and one rounding a line, half away from zero, to kopecks.
// A decimal is { digits, scale }: digits / 10^scale.

const parseDecimal = (text) => {
  const [whole, fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction), scale: fraction.length };
};

const multiply = (one, other) => ({ digits: one.digits * other.digits, scale: one.scale + other.scale });

/** The digits of a decimal with `scale` digits after the point, at least as many as it has. */
const rescaled = (decimal, scale) => decimal.digits * 10n ** BigInt(scale - decimal.scale);

const compare = (one, other) => {
  const scale = Math.max(one.scale, other.scale);
  const [left, right] = [rescaled(one, scale), rescaled(other, scale)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** A decimal as a contract file writes it: no zero at the end beyond `leastDecimals`. */
const formatDecimal = ({ digits, scale }, leastDecimals = 2) => {
  const text = digits.toString().padStart(scale + 1, "0");
  const [whole, fraction] = [text.slice(0, text.length - scale), text.slice(text.length - scale)];
  const kept = fraction.replace(/0+$/, "").padEnd(leastDecimals, "0");
  return kept === "" ? whole : `${whole}.${kept}`;
};

/** The exact mean of the ends of a range (I2), with no fewer decimals than they have. */
const middle = (low, high) => {
  const scale = Math.max(low.scale, high.scale);
  const mean = { digits: 5n * (rescaled(low, scale) + rescaled(high, scale)), scale: scale + 1 };
  return parseDecimal(formatDecimal(mean, scale));
};

/** A quotient of whole numbers that are not negative, rounded half away from zero. */
const roundedQuotient = (numerator, divisor) => (2n * numerator + divisor) / (2n * divisor);

const sum = (amounts) => amounts.reduce((total, amount) => total + amount, 0n);

/** The lines of the quote, grouped by price, ready to be priced with any coefficients. */
class Exposure {
  constructor(data) {
    this.plans = data.plans.length;
    this.yearDays = BigInt(data.year_days);
    this.rates = data.rates.map(({ plan, fixed, ranges, cells }) => {
      const groups = [];
      for (let at = 0; at < cells.length; at += 3) {
        // sum insured × days; and the number of lines
        groups.push([BigInt(cells[at]) * BigInt(cells[at + 1]), BigInt(cells[at + 2])]);
      }
      return { plan, fixed: parseDecimal(fixed), ranges, groups };
    });
  }

  /** The premium of each plan in kopecks, with a coefficient for each range. */
  premiums(coefficients) {
    const plans = new Array(this.plans).fill(0n);
    for (const { plan, fixed, ranges, groups } of this.rates) {
      const rate = ranges.reduce((product, range) => multiply(product, coefficients[range]), fixed);
      const divisor = 10n ** BigInt(rate.scale) * 100n * this.yearDays;
      const [twiceRate, twiceDivisor] = [2n * rate.digits, 2n * divisor];
      let premium = 0n;
      for (const [sumInsuredDays, lines] of groups) {
        premium += ((sumInsuredDays * twiceRate + divisor) / twiceDivisor) * lines;
      }
      plans[plan] += premium;
    }
    return plans;
  }

  /** The premium of the contract in kopecks. */
  premium(coefficients) {
    return sum(this.premiums(coefficients));
  }
}
