// Medians and what is known about them. Pure.

export const median = values => quantile(values, 0.5);

/** Linear between the two nearest ranks; `values` in any order, not empty. */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/**
 * Confidence interval of the median, of at least 95 %: between the k-th least and the k-th most value, with the largest k
 * that the binomial distribution of "how many lie below the median" allows. Needs 6 values or more. No shape is assumed.
 */
export function medianInterval(values) {
  const n = values.length;
  if (n < 6) throw new Error('an interval of 95 % needs six values');
  const sorted = [...values].sort((a, b) => a - b);
  let outside = 0.5 ** n;
  let term = outside;
  let k = 1;
  for (;;) {
    term *= (n - k + 1) / k;
    if (2 * (outside + term) > 0.05) break;
    outside += term;
    k++;
  }
  return { low: sorted[k - 1], high: sorted[n - k] };
}

export const rounded = (value, digits) => Number(value.toFixed(digits));
