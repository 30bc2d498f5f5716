/** Sentences as the backend writes them, from a template: `*strong*`, `[entity ref|text]`, `{epoch ms}`, `~name~`. */
import type {
  Sentence,
  SentencePart,
} from 'backstage-plugin-contention-common';

const PART = /\*([^*]+)\*|\[([^|\]]+)\|([^\]]+)\]|\{(\d+)\}|~([^~]+)~/g;

export function sentence(template: string): Sentence {
  const parts: SentencePart[] = [];
  let at = 0;
  for (const match of template.matchAll(PART)) {
    const [whole, strong, entityRef, text, time, name] = match;
    if (match.index > at) {
      parts.push({ type: 'text', text: template.slice(at, match.index) });
    }
    if (strong) parts.push({ type: 'strong', text: strong });
    else if (entityRef) parts.push({ type: 'entity', entityRef, text });
    else if (time) parts.push({ type: 'time', at: Number(time) });
    else parts.push({ type: 'name', text: name });
    at = match.index + whole.length;
  }
  if (at < template.length)
    parts.push({ type: 'text', text: template.slice(at) });
  return { parts, text: parts.map(plain).join('') };
}

function plain(part: SentencePart): string {
  if (part.type !== 'time') return part.text;
  return `${new Date(part.at).toISOString().slice(11, 16)} UTC`;
}
