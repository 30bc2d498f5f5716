/** Single lines of YAML from text that anybody may have chosen: a value is quoted wherever a reader could take it for more. */

const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./=-]*$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** A scalar; escapes everything outside of printable ASCII, so that what is copied is what is read. */
export function yamlScalar(text: string): string {
  if (PLAIN.test(text) && !RESERVED.test(text)) return text;
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `metadata: annotations:` with these lines, to be copied into a catalog-info.yaml. */
export function annotationLines(annotations: Record<string, string>): string {
  return ['metadata:', '  annotations:']
    .concat(
      Object.entries(annotations).map(
        ([key, value]) => `    ${key}: ${yamlScalar(value)}`,
      ),
    )
    .join('\n');
}
