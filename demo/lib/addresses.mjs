// Which addresses the demo's network has. All of it is in namespaces of its own, so none can collide with the host's; those
// of two demos differ so that whoever looks at both can tell them apart. Pure.
import { agentPod, outsiders, services } from './services.mjs';

/** Address of the first pod within its network; the router of a network is 1. */
const FIRST_POD = 10;

/** A network for documentation: where customers come from. */
const OUTSIDE = '203.0.113';

/** Second number of all addresses of an instance, from 64 to 127. */
const secondOf = instance => 64 + (parseInt(instance.slice(0, 2), 16) % 64);

/** The first three numbers of the network at a place: `node`, `rack`, between the two (`link`), or `outside`. */
export function prefixOf(instance, place) {
  if (place === 'outside') return OUTSIDE;
  const third = { node: 0, rack: 1, link: 255 }[place];
  if (third === undefined) throw new TypeError(`no network at '${place}'`);
  return `10.${secondOf(instance)}.${third}`;
}

/** Address of the node, which is the router of its pods. */
export const nodeAddress = instance => `${prefixOf(instance, 'node')}.1`;

/** Where a service's pods are: beside the node, or in the rack at the other end of its link. */
export const placeOf = service => service.place ?? 'node';

/** Address of a service's pod. The same for every generation, so that whoever asks the service finds its next pod. */
export function podAddress(instance, service) {
  const index = services.findIndex(({ name }) => name === service.name);
  if (index < 0) throw new TypeError(`no service '${service.name}'`);
  return `${prefixOf(instance, placeOf(service))}.${FIRST_POD + index}`;
}

/** Address of somebody who is no pod. */
export const outsiderAddress = (instance, outsider) =>
  `${prefixOf(instance, outsider.place)}.${2 + outsiders.indexOf(outsider)}`;

/** Whether a pod's processes are in the network of the host, and have no address of their own. */
export const inHostNetwork = service => service.name === agentPod.name;

/** Hardware address of an IPv4 address, so that a pod that takes over an address is found where it was known to be. */
export const hardwareAddress = address =>
  ['02', '42', ...address.split('.').map(each => Number(each).toString(16))]
    .map(each => each.padStart(2, '0'))
    .join(':');
