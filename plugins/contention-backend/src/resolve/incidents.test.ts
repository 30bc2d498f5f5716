import { readFileSync } from 'node:fs';
import { resolve as pathOf } from 'node:path';
import { component } from '../__testUtils__/backend';
import { container } from '../__testUtils__/otlp';
import {
  DAY,
  HOUR,
  resolving,
  TEN,
  type Resolving,
} from '../__testUtils__/resolving';
import { braces, go, GoTime, jira, opsgenie } from '../__testUtils__/templates';

const DOCUMENT = readFileSync(
  pathOf(__dirname, '../../../../docs/incidents.md'),
  'utf8',
);

/** The template of a tool, as a reader copies it. */
function templateOf(tool: string): string {
  const block = new RegExp(`\`\`\`${tool}\\n([^\`]*)\\n\`\`\``).exec(DOCUMENT);
  if (!block) throw new Error(`docs/incidents.md has no template '${tool}'`);
  return block[1];
}

const POD = 'checkout-5d8f7c9b64-x2x4z';

/** What Alertmanager hands to templates; the labels of what scraped it are there, as they are in life. */
function notification(startsAt: GoTime, labels: object = {}) {
  const all = {
    alertname: 'HighLatency',
    namespace: 'shop',
    pod: POD,
    severity: 'page',
    instance: '10.0.0.5:8080',
    ...labels,
  };
  return {
    Receiver: 'page',
    Status: 'firing',
    GroupLabels: { alertname: 'HighLatency' },
    CommonLabels: all,
    CommonAnnotations: { summary: 'p99 > 200 ms & rising' },
    ExternalURL: 'https://alertmanager.example',
    Alerts: [
      {
        Status: 'firing',
        Labels: all,
        Annotations: {},
        StartsAt: startsAt,
        EndsAt: new GoTime('0001-01-01T00:00:00'),
        GeneratorURL: 'https://prometheus.example/graph?g0.expr=x',
        Fingerprint: '4a3c1f2e9d8b7a60',
      },
    ],
  };
}

const utc = new GoTime('2026-11-21T10:00:00');
const berlin = new GoTime('2026-11-21T11:00:00', '+0100', 'CET');

/** As ServiceNow runs it: its record in the scope of the script. */
function serviceNow(template: string, record: Record<string, string>): string {
  const current = {
    getValue: (field: string) => record[field],
    getDisplayValue: (field: string) => record[field],
  };
  // eslint-disable-next-line no-new-func
  return new Function('current', `return ${template};`)(current);
}

const incident = {
  event: {
    id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: '2026-11-21T10:00:05.000Z',
    data: {
      id: 'PT4KHLK',
      type: 'incident',
      number: 1234,
      status: 'triggered',
      created_at: '2026-11-21T10:00:00Z',
      title: 'Checkout is slow',
      service: {
        id: 'PIJ90N7',
        summary: 'Checkout (production)',
        type: 'service_reference',
      },
    },
  },
};

const links: [string, string][] = [
  ['Alertmanager', go(templateOf('alertmanager'), notification(utc))],
  [
    'Alertmanager, elsewhere',
    go(templateOf('alertmanager'), notification(berlin)),
  ],
  [
    'Alertmanager, its metrics from kube-state-metrics',
    go(
      templateOf('alertmanager'),
      notification(utc, { container: 'kube-state-metrics' }),
    ),
  ],
  ['Grafana', go(templateOf('grafana'), notification(utc))],
  ['Grafana, elsewhere', go(templateOf('grafana'), notification(berlin))],
  ['PagerDuty', braces(templateOf('pagerduty'), incident)],
  [
    'Opsgenie',
    opsgenie(templateOf('opsgenie'), {
      alertId: '70413a06-38d6-4c85-92b8-5ebc900d42e2',
      message: 'p99 of checkout',
      createdAt: TEN,
      details: { namespace: 'shop', pod: POD },
    }),
  ],
  [
    'Jira',
    jira(templateOf('jira'), {
      issue: {
        key: 'OPS-17',
        created: '2026-11-21T10:00:00.0+0000',
        Namespace: 'shop',
        Pod: POD,
        components: [],
      },
    }),
  ],
  [
    'Jira, with no more than a component',
    jira(templateOf('jira'), {
      issue: {
        key: 'OPS-18',
        created: '2026-11-21T11:00:00.0+0100',
        components: [{ name: 'Checkout' }],
      },
    }),
  ],
  [
    'ServiceNow',
    serviceNow(templateOf('servicenow'), {
      number: 'INC0010042',
      business_service: 'Checkout',
      opened_at: '2026-11-21 10:00:00',
    }),
  ],
  ['Slack', go(templateOf('slack'), notification(utc))],
  ['Slack, elsewhere', go(templateOf('slack'), notification(berlin))],
];

describe('the templates of docs/incidents.md, filled in by', () => {
  let world: Resolving;
  beforeEach(async () => {
    world = await resolving([
      component('checkout', {
        'backstage.io/kubernetes-id': 'checkout',
        'pagerduty.com/service-id': 'PIJ90N7',
      }),
      component('search'),
    ]);
    for (const service of [
      container('checkout', { pod: POD }),
      container('search'),
    ]) {
      await world.ran(service, TEN - HOUR, TEN + HOUR / 2);
    }
  });
  afterEach(() => world.close());

  /** As a browser reads the address, and the page hands it on. */
  const follow = (link: string) => {
    const url = new URL(link);
    expect(url.origin + url.pathname).toBe(
      'https://portal.example/contention/resolve',
    );
    return world.ask(Object.fromEntries(url.searchParams));
  };

  it.each(links)('%s lead to the entity and the time', async (_, link) => {
    world.nowMs = TEN + HOUR / 2;
    for (const later of [0, 200 * DAY]) {
      if (later > 0) await world.pass(TEN + later);
      const answer = await follow(link);
      expect(answer).toMatchObject({
        state: 'one',
        pages: [
          {
            entity: { entityRef: 'component:default/checkout' },
            range: { from: TEN - HOUR / 2, to: TEN + HOUR / 4 },
            hasData: later === 0,
          },
        ],
      });
    }
  });

  it('hold names that mean something in an address', () => {
    const link = go(
      templateOf('alertmanager'),
      notification(utc, { pod: 'a&at=0#b c+d' }),
    );
    expect(new URL(link).searchParams.get('pod')).toBe('a&at=0#b c+d');
    expect(new URL(link).searchParams.getAll('at')).toEqual(['1795255200']);
  });
});
