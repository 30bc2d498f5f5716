import type { DiagnosisReport } from '../schema';
import { ContentionClient, UnexpectedAnswerError } from './ContentionClient';

const report: DiagnosisReport = {
  entity: { entityRef: 'component:default/checkout', title: 'checkout' },
  range: { from: 0, to: 1 },
  clusters: ['demo'],
  status: { state: 'ok' },
  verdict: {
    cause: 'quiet',
    severity: 'none',
    sentence: { parts: [], text: 'Nothing held `checkout` up.' },
  },
  freshness: { stale: false, staleNodes: [] },
  confidence: {
    method: 'exact',
    lostEvents: 0,
    losses: [],
    missing: [],
    notes: [],
  },
  problems: [],
  axis: { startsMs: [0], stepSeconds: 10 },
  markers: [],
  tab: 'latency',
  valuesOf: 'held-share',
  values: [null],
};

function clientFor(answer: () => Response) {
  const fetch = jest.fn(async (_input: string, _init?: RequestInit) =>
    answer(),
  );
  return { client: new ContentionClient({ fetchApi: { fetch } }), fetch };
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}

/** For calls of which only the question matters: no whole report has to be made up. */
function refused(): Response {
  return json(
    {
      error: { name: 'NotAllowedError', message: 'no' },
      response: { statusCode: 403 },
    },
    403,
  );
}

describe('ContentionClient', () => {
  it('asks the plugin by its id and hands on range, cluster and signal', async () => {
    const { client, fetch } = clientFor(() => json(report));
    const { signal } = new AbortController();
    await expect(
      client.diagnosis(
        'component:default/checkout',
        { from: 1, to: 2, stepSeconds: 60, cluster: 'a b' },
        { signal },
      ),
    ).resolves.toEqual(report);
    expect(fetch).toHaveBeenCalledWith(
      'plugin://contention/v1/entities/component/default/checkout/diagnosis?from=1&to=2&step=60&cluster=a+b',
      expect.objectContaining({ signal }),
    );
  });

  it("leaves it to the backend's clock when a live range ends", async () => {
    const { client, fetch } = clientFor(() => json(report));
    await client.diagnosis('component:default/a', { lastSeconds: 900 });
    expect(fetch.mock.calls[0][0]).toBe(
      'plugin://contention/v1/entities/component/default/a/diagnosis?last=900',
    );
  });

  it('asks for one role and a selection of its slow requests', async () => {
    const { client, fetch } = clientFor(refused);
    const asked = client.latency(
      'component:default/a',
      { lastSeconds: 900 },
      {
        role: 'client',
        selectFrom: 1,
        selectTo: 2,
        bandFromSeconds: 0.125,
        bandToSeconds: 0.5,
      },
    );
    await expect(asked).rejects.toMatchObject({ statusCode: 403 });
    expect(fetch.mock.calls[0][0]).toBe(
      'plugin://contention/v1/entities/component/default/a/latency?last=900&role=client&selectFrom=1&selectTo=2&bandFrom=0.125&bandTo=0.5',
    );
  });

  it('leaves out what is not said', async () => {
    const { client, fetch } = clientFor(refused);
    const asked = client.neighbours(
      'component:default/a',
      {},
      { direction: 'caused' },
    );
    await expect(asked).rejects.toMatchObject({ statusCode: 403 });
    expect(fetch.mock.calls[0][0]).toBe(
      'plugin://contention/v1/entities/component/default/a/neighbours?direction=caused',
    );
  });

  it('tells an error of the backend with its status', async () => {
    const { client } = clientFor(refused);
    await expect(client.latency('component:default/a')).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 403,
      cause: expect.objectContaining({ name: 'NotAllowedError' }),
    });
  });

  it('does not hand on an answer that is no report', async () => {
    const { client } = clientFor(() => json({ ...report, values: 'many' }));
    await expect(client.diagnosis('component:default/a')).rejects.toThrow(
      UnexpectedAnswerError,
    );
    await expect(client.diagnosis('component:default/a')).rejects.toThrow(
      /values/,
    );
  });

  it.each(['checkout', 'component:checkout', 'a:b/c/d'])(
    'refuses %p, which is no full entity reference',
    async entityRef => {
      const { client, fetch } = clientFor(() => json(report));
      await expect(client.diagnosis(entityRef)).rejects.toThrow(TypeError);
      expect(fetch).not.toHaveBeenCalled();
    },
  );
});
