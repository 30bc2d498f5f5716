/** Reads what is told of whom the sentences name, once it is known who that is. */
import type { Store } from '../store';
import type { Facts } from './facts';
import { bandwidthOf, usageOf, withCpu, type Gathered } from './gather';
import type { Judgement } from './judge';
import { namedInQueue, type NetworkJudgement } from './network/judge';
import type { RequestAccount } from './requests/requests';
import { namedNeighbour } from './requests/verdict';

/** What those sent on average whose packets were ahead: of all where they are listed, else of whom the sentence names. */
export async function bandwidthOfNamed(
  store: Store,
  gathered: Extract<Gathered, { state: 'ok' }>,
  judgement: NetworkJudgement,
  isListed: boolean,
): Promise<Facts['bandwidth']> {
  const { facts } = gathered;
  if (isListed) return bandwidthOf(store, facts, gathered);
  const named = namedInQueue(judgement);
  return named === undefined
    ? new Map()
    : bandwidthOf(store, facts, gathered, new Set([named]));
}

/** CPU use of whom the sentences name: whether it stayed within its request is said wherever its name is. */
export async function usageOfNamed(
  store: Store,
  { facts, there, stretches, homes }: Extract<Gathered, { state: 'ok' }>,
  judgement: Judgement,
  account: RequestAccount | undefined,
): Promise<Facts['usage']> {
  const named = [
    judgement.cause === 'neighbour'
      ? judgement.stretch?.top?.part.party.key
      : undefined,
    account && namedNeighbour(account.judgement)?.key,
  ].filter(key => key !== undefined && !facts.usage.has(key));
  if (named.length === 0) return facts.usage;
  const only = new Set(named as string[]);
  const more = await usageOf(store, facts, there, stretches, homes, only);
  return new Map([...facts.usage, ...more]);
}

/** How busy the node was that a verdict about neighbours names: averages hide them. */
export async function withCpuOfPlace(
  store: Store,
  { there, axis }: Extract<Gathered, { state: 'ok' }>,
  judgement: Judgement,
): Promise<Judgement> {
  const { cause, place } = judgement;
  if (cause !== 'neighbour' || !place || place.node.cpuMean !== undefined) {
    return judgement;
  }
  const [node] = await withCpu(store, [place.node], there, axis);
  return { ...judgement, place: { ...place, node } };
}
