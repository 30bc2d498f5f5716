import {
  directionSchema,
  latencyQuerySchema,
  MAX_RANGE_MS,
  reportQuerySchema,
} from './query';

const from = Date.UTC(2026, 10, 21, 10);
const to = from + 3_600_000;

describe('the query of a report', () => {
  it('reads ISO 8601 and epoch milliseconds', () => {
    expect(
      reportQuerySchema.parse({
        from: new Date(from).toISOString(),
        to: String(to),
        step: '60',
        cluster: 'demo',
      }),
    ).toEqual({ from, to, step: 60, cluster: 'demo' });
  });

  it('is the last hour when nothing is said', () => {
    const before = Date.now();
    const query = reportQuerySchema.parse({});
    expect(query.to).toBeGreaterThanOrEqual(before);
    expect(query.to - query.from).toBe(3_600_000);
  });

  it('ends now by the clock of the backend when only a length is given', () => {
    const before = Date.now();
    const query = reportQuerySchema.parse({ last: '21600', cluster: 'demo' });
    expect(query.to).toBeGreaterThanOrEqual(before);
    expect(query).toEqual({
      from: query.to - 6 * 3_600_000,
      to: query.to,
      cluster: 'demo',
    });
  });

  it.each([
    [{ last: '60', from: String(from) }, /'last' ends now/],
    [{ last: '60', to: String(to) }, /'last' ends now/],
    [{ last: '0' }, /./],
    [{ last: 'week' }, /./],
    [{ last: String(32 * 86_400) }, /longer than 31 days/],
    [{ from: 'yesterday' }, /'yesterday' is no time/],
    [{ from: String(to), to: String(from) }, /'from' is not before 'to'/],
    [{ from: String(from), to: String(from) }, /'from' is not before 'to'/],
    [{ from: '0', to: String(MAX_RANGE_MS + 1) }, /longer than 31 days/],
    [{ step: '0' }, /./],
    [{ step: 'fine' }, /./],
    [{ cluster: '' }, /./],
    [{ from: ['1', '2'] }, /./],
  ])('refuses %j and says why', (query, message) => {
    const result = reportQuerySchema.safeParse(query);
    expect(result.success).toBe(false);
    expect(result.error!.issues[0].message).toMatch(message);
  });

  it('asks for what was suffered unless told otherwise', () => {
    expect(directionSchema.parse(undefined)).toBe('suffered');
    expect(directionSchema.parse('caused')).toBe('caused');
    expect(directionSchema.safeParse('both').success).toBe(false);
  });
});

describe('the query of the latency report', () => {
  it('is of requests that the service gets unless told otherwise', () => {
    expect(latencyQuerySchema.parse({})).toEqual({ role: 'server' });
    expect(latencyQuerySchema.parse({ role: 'client' }).role).toBe('client');
    expect(latencyQuerySchema.safeParse({ role: 'both' }).success).toBe(false);
  });

  it('selects a time, durations, or both, open at either end', () => {
    expect(
      latencyQuerySchema.parse({
        selectFrom: new Date(from).toISOString(),
        selectTo: String(to),
        bandFrom: '0.0625',
        bandTo: '0.5',
      }),
    ).toEqual({
      role: 'server',
      selectFrom: from,
      selectTo: to,
      bandFrom: 0.0625,
      bandTo: 0.5,
    });
    expect(latencyQuerySchema.parse({ bandFrom: '0.1' })).toEqual({
      role: 'server',
      bandFrom: 0.1,
    });
  });

  it.each([
    [{ selectFrom: String(to), selectTo: String(from) }, /'selectFrom' is not/],
    [{ bandFrom: '0.5', bandTo: '0.5' }, /'bandFrom' is not before 'bandTo'/],
    [{ bandFrom: '-1' }, /./],
    [{ bandTo: '0' }, /./],
    [{ bandTo: 'slow' }, /./],
    [{ selectTo: 'now' }, /'now' is no time/],
  ])('refuses %j and says why', (query, message) => {
    const result = latencyQuerySchema.safeParse(query);
    expect(result.success).toBe(false);
    expect(result.error!.issues[0].message).toMatch(message);
  });
});
