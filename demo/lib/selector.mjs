// Kubernetes label selectors as they stand in a query: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Pure.

const NAME = '[A-Za-z0-9_./-]+';
const REQUIREMENT = new RegExp(
  `^\\s*(?:(!)\\s*(${NAME})|(${NAME})\\s*(?:(==|=|!=)\\s*([A-Za-z0-9_.-]*)|(in|notin)\\s*\\(([^)]*)\\))?)\\s*$`,
);

/**
 * A function that says whether a pod's labels satisfy the selector; the empty one is satisfied by all.
 * Throws a SyntaxError that names the requirement that cannot be read.
 */
export function parseSelector(text) {
  const requirements = splitAtCommas(text).map(parseRequirement);
  return labels => requirements.every(satisfied => satisfied(labels ?? {}));
}

/** Splits at commas that are not inside parentheses. */
function splitAtCommas(text) {
  return text.trim() === '' ? [] : text.split(/,(?![^(]*\))/);
}

function parseRequirement(text) {
  const match = REQUIREMENT.exec(text);
  if (!match) throw new SyntaxError(`cannot read label selector '${text}'`);
  const [, not, absent, key, operator, value, setOperator, set] = match;
  if (not) return labels => !(absent in labels);
  if (operator === '!=') return labels => labels[key] !== value;
  if (operator) return labels => labels[key] === value;
  if (setOperator) {
    const values = set.split(',').map(each => each.trim());
    return setOperator === 'in'
      ? labels => key in labels && values.includes(labels[key])
      : labels => !(key in labels && values.includes(labels[key]));
  }
  return labels => key in labels;
}
