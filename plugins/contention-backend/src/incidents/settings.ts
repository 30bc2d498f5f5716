/** What `contention.incidents` in app-config means (see config.d.ts): which alert tools may send, and how they prove it. */
import type { Config } from '@backstage/config';

export const INCIDENT_TOOLS = [
  'pagerduty',
  'opsgenie',
  'alertmanager',
] as const;
export type IncidentTool = (typeof INCIDENT_TOOLS)[number];

export const TOOL_NAME: Record<IncidentTool, string> = {
  pagerduty: 'PagerDuty',
  opsgenie: 'Opsgenie',
  alertmanager: 'Alertmanager',
};

/** Either signs the body, or sends a header that only it and we know. */
export type Proof =
  | { type: 'signature'; secrets: readonly string[] }
  | { type: 'header'; authorizations: readonly string[] };

export type IncidentSettings = Partial<Record<IncidentTool, Proof>>;

/** Shorter ones can be guessed. */
const LEAST_SECRET = 16;

/** The topic of the events plugin, and the last part of the address: `POST /api/events/http/<topic>`. */
export function topicOf(tool: IncidentTool): string {
  return `contention.${tool}`;
}

export function readIncidentSettings(config: Config): IncidentSettings {
  const incidents = config.getOptionalConfig('contention.incidents');
  const secret = (key: string) => {
    const text = incidents?.getOptionalString(key);
    if (text === undefined || text === '') return undefined;
    if (text.length < LEAST_SECRET) {
      throw new Error(
        `contention.incidents.${key} is shorter than ${LEAST_SECRET} characters`,
      );
    }
    return text;
  };
  const settings: IncidentSettings = {};
  const signing = secret('pagerduty.secret');
  if (signing) {
    settings.pagerduty = { type: 'signature', secrets: [signing] };
  }
  for (const tool of ['opsgenie', 'alertmanager'] as const) {
    const token = secret(`${tool}.token`);
    const password = secret(`${tool}.password`);
    const authorizations = [
      ...(token ? [`Bearer ${token}`] : []),
      ...(password
        ? [basic(incidents!.getString(`${tool}.username`), password)]
        : []),
    ];
    if (authorizations.length > 0) {
      settings[tool] = { type: 'header', authorizations };
    }
  }
  return settings;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
