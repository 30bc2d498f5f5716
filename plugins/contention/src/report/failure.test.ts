import { inEnglish } from '../translation';
import { describeFailure, whyItFailed } from './failure';

const said = (error: unknown) => whyItFailed(describeFailure(error), inEnglish);

describe('why a call failed', () => {
  it('is what the backend said, with the number of the error', () => {
    expect(
      said({ statusCode: 500, body: { error: { message: 'no disk' } } }),
    ).toBe('no disk (HTTP 500)');
  });

  it('has no number where reading is forbidden', () => {
    expect(said({ statusCode: 403, message: 'not yours' })).toBe('not yours');
  });

  it.each([undefined, {}, { message: '' }, { message: 7 }])(
    'is said to be unknown where %p says nothing, in the words of the reader',
    error => {
      expect(said(error)).toBe('The request failed for an unknown reason');
      expect(describeFailure(error).what).toBeUndefined();
    },
  );
});
