/**
 * For portals on the legacy frontend system: the plugin, and its parts to mount by hand.
 *
 * @packageDocumentation
 */
export {
  ContentionPage,
  contentionPlugin,
  EntityContentionCard,
  EntityContentionRollupContent,
  EntityLatencyContent,
  EntityNoisyNeighboursContent,
  EntityThrottlingContent,
} from './plugin';
export { isContentionAvailable } from '../isContentionAvailable';
