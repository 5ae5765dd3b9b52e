// Sums such as 12.50+3*2: the grammar and the rounding of ledgers/arithmetic.py, in fractions of BigInt.
//
// A fraction is [numerator, denominator], the denominator above zero. What cannot be reckoned throws Refused, whose
// code is one of those of ledgers/refusals.py.

const LONGEST = 200;
const DEEPEST = 20;
const TOKEN = /\s*(?:([-+*/()])|([^-+*/()]+))/g;

export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const withPlainSigns = (text) => text.trim().replaceAll("\u2212", "-").replace(/[×·]/g, "*").replaceAll("÷", "/");

// Whether there is anything to reckon: a sign of arithmetic other than one before the first number.
export function isSum(text) {
  const plain = withPlainSigns(text);
  return plain.startsWith("=") || /[*/()]|(?<=[^-+\s])\s*[-+]/.test(plain);
}

// What the sum comes to in the unit that is 10^-digits of the currency, rounded half away from zero. `number` reads
// one number, without a sign, as a fraction.
export function reckon(text, number, digits) {
  if ([...text].length > LONGEST) throw new Refused("long");
  return rounded(valueOf(text, number), digits);
}

function rounded([numerator, denominator], digits) {
  const size = numerator < 0n ? -numerator : numerator;
  const whole = (2n * size * 10n ** BigInt(digits) + denominator) / (2n * denominator);
  return numerator < 0n ? -whole : whole;
}

function valueOf(text, number) {
  const plain = withPlainSigns(text).replace(/^=/, "");
  const parts = [...plain.matchAll(TOKEN)].map(([, sign, word]) => sign ?? word.trim()).filter(Boolean);
  let depth = 0;

  const isNext = (...signs) => signs.includes(parts[0]);

  const sum = () => {
    let value = product();
    while (isNext("+", "-")) value = parts.shift() === "+" ? add(value, product()) : add(value, negative(product()));
    return value;
  };
  const product = () => {
    let value = factor();
    while (isNext("*", "/")) value = parts.shift() === "*" ? times(value, factor()) : times(value, inverse(factor()));
    return value;
  };
  const factor = () => {
    if (!isNext("-")) return operand();
    parts.shift();
    return negative(operand());
  };
  const operand = () => {
    if (!parts.length || isNext(..."+-*/)")) throw new Refused("sum");
    const part = parts.shift();
    return part === "(" ? bracket() : number(part);
  };
  const bracket = () => {
    depth += 1;
    if (depth > DEEPEST) throw new Refused("sum");
    const value = sum();
    if (parts.shift() !== ")") throw new Refused("sum");
    depth -= 1;
    return value;
  };

  const value = sum();
  if (parts.length) throw new Refused("sum");
  return value;
}

const negative = ([a, b]) => [-a, b];
const add = ([a, b], [c, d]) => [a * d + c * b, b * d];
const times = ([a, b], [c, d]) => [a * c, b * d];

function inverse([a, b]) {
  if (a === 0n) throw new Refused("zero");
  return a < 0n ? [-b, -a] : [b, a];
}
