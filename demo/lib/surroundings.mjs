// What is around the demo's pods: the node's and the rack's network with the link between them, and who takes part without
// being a pod. All of it is held by processes in cgroups of the host's own, so ending those takes everything away.
import { join } from 'node:path';
import { makeCgroup, removeCgroup } from './cgroups.mjs';
import { outsiderAddress, placeOf, podAddress } from './addresses.mjs';
import {
  carryOut,
  forwardPackets,
  requireNetworkCommands,
} from './network.mjs';
import { customersSteps, fabricSteps, guestSteps } from './network-plan.mjs';
import { outsiders, services } from './services.mjs';
import {
  OWN_NETWORK,
  namesIn,
  startWorkload,
  untilJoined,
} from './workload.mjs';

/** Port on which everybody serves who does. */
const PORT = 8080;

/** Namespaces without a pod. Like those of outsiders, each is held by a process of that name. */
const PLACES = ['node', 'rack'];

export class Surroundings {
  /** `cpu` is the CPU of those who are no pods. */
  constructor({ folder, instance, hierarchies, cpu }) {
    this.folder = folder;
    this.instance = instance;
    this.hierarchies = hierarchies;
    this.cpu = cpu;
    this.path = `demo-${instance}`;
  }

  /** Makes the networks unless they are there. */
  async ensureNetworks() {
    requireNetworkCommands();
    if (this.#holders().size > 0) return;
    const directories = this.#makeCgroups('network');
    const names = [...PLACES, ...outsiders.map(({ name }) => name)];
    await Promise.all(
      names
        .map(name =>
          startWorkload(
            'network',
            { name },
            {
              folder: this.folder,
              cpu: this.cpu,
              network: OWN_NETWORK,
              directories,
            },
          ),
        )
        .map(untilJoined),
    );
    this.#connectNetworks();
  }

  /** Starts the outsiders that do not run. */
  async ensureOutsiders() {
    const holders = this.#holders();
    const started = outsiders.flatMap(outsider => {
      const directories = this.#makeCgroups(outsider.name);
      if (namesIn(directories[0]).has(outsider.name)) return [];
      return startWorkload('host', outsider, {
        folder: this.folder,
        cpu: this.cpu,
        address: this.addressOf(outsider.name),
        addressOf: name => this.addressOf(name),
        network: holders.get(outsider.name),
        directories,
      });
    });
    await Promise.all(started.map(untilJoined));
  }

  /** Connects the network of process `pid`, a new pod of a service, to where the service is. */
  connectPod(service, { pid, uid }) {
    const place = placeOf(service);
    const address = podAddress(this.instance, service);
    carryOut(guestSteps(this.instance, { place, address, pid, key: uid }), {
      ...Object.fromEntries(this.#holders()),
      guest: pid,
    });
  }

  /** ADDRESS:PORT at which a service or an outsider serves. */
  addressOf(name) {
    const service = services.find(each => each.name === name);
    const outsider = outsiders.find(each => each.name === name);
    const address = service
      ? podAddress(this.instance, service)
      : outsiderAddress(this.instance, outsider);
    return `${address}:${PORT}`;
  }

  /** Who is no pod, and who holds a network: `{service, container, cgroup, pids}`. */
  status() {
    return ['network', ...outsiders.map(({ name }) => name)].flatMap(part => {
      return [...this.#running(part)].map(([name, pid]) => ({
        service: part === 'network' ? part : 'host',
        container: name,
        cgroup: `/${this.path}/${part}`,
        pids: [pid],
      }));
    });
  }

  /** Ends everybody, and with them all networks that no pod is in. */
  async remove() {
    await removeCgroup(this.hierarchies, this.path);
  }

  #connectNetworks() {
    const pids = Object.fromEntries(this.#holders());
    for (const place of PLACES) forwardPackets(pids[place]);
    carryOut(fabricSteps(this.instance, pids), pids);
    for (const outsider of outsiders) {
      const { place, name } = outsider;
      const address = outsiderAddress(this.instance, outsider);
      const guest = { place, address, pid: pids[name], key: name };
      carryOut(
        place === 'outside'
          ? customersSteps(this.instance, guest)
          : guestSteps(this.instance, guest),
        { ...pids, guest: pids[name] },
      );
    }
  }

  #makeCgroups(name) {
    return this.hierarchies.map(hierarchy =>
      makeCgroup(hierarchy, `${this.path}/${name}`),
    );
  }

  /** By name the process that holds a namespace. */
  #holders() {
    return this.#running('network');
  }

  /** By name the processes in one of the cgroups. */
  #running(part) {
    const [{ mount }] = this.hierarchies;
    return namesIn(join(mount, this.path, part));
  }
}
