// The services of the demo, as a team would write them down: what they ask for, what they are allowed, where they are, and how
// their processes behave; and who asks them. The stories that the portal tells follow from these numbers and from nothing else.
//
// All of them share one CPU, so what each may take from the others follows from the weights that the kubelet derives
// from the CPU requests: batch-report asked for a whole CPU and therefore wins every burst against checkout, which asked
// for a tenth. inventory asked for the least, so its work, cut off by its own limit, hardly holds up anybody else.
//
// inventory is in a rack at the other end of a slow link (network-plan.mjs), and so is the store to which log-shipper sends: what
// checkout asks inventory stands in front of that link behind whatever log-shipper has there.

/** Where the demo's pods run. */
export const namespace = 'shop';
export const nodeName = 'demo-node';
export const clusterName = 'demo';

/** A pattern in which a process computes or asks (see workload/). */
const pattern = (threads, everyUs, workUs, extra = {}) => ({
  threads,
  everyUs,
  workUs,
  ...extra,
});

/** The load that can be moved from one service to another: 80 ms of CPU in every second on eight threads at once: 8 % of a CPU on average. */
export const burst = {
  name: 'report-worker',
  pattern: pattern(8, 1_000_000, 10_000, { together: true }),
};

/** CPU in thousandths of a CPU, as in a manifest. `podCpuLimit` is a limit of the whole pod (pod-level resources). */
export const services = [
  {
    name: 'checkout',
    version: '4.2.0',
    containers: [
      {
        name: 'checkout',
        cpuRequest: 100,
        // 40 requests a second of 2 ms each: 8 % of a CPU, and 2 ms of latency as long as nobody is in the way. One
        // request in eight needs inventory first.
        processes: [
          {
            name: 'checkout',
            serve: { threads: 4, workUs: 2_000, call: 'inventory', every: 8 },
          },
        ],
      },
    ],
  },
  {
    name: 'batch-report',
    version: '1.9.3',
    containers: [
      {
        name: 'batch-report',
        cpuRequest: 1000,
        processes: [{ name: 'batch-report' }],
      },
    ],
  },
  {
    name: 'inventory',
    version: '2.0.1',
    place: 'rack',
    podCpuRequest: 50,
    podCpuLimit: 50,
    containers: [
      {
        name: 'inventory',
        cpuRequest: 15,
        // 3 % of a CPU wanted, and next to nothing for the requests of checkout ...
        processes: [
          {
            name: 'inventory',
            pattern: pattern(2, 10_000, 150, { phaseUs: 3_000 }),
            serve: { threads: 4, workUs: 50 },
          },
        ],
      },
      {
        name: 'mesh-proxy',
        cpuRequest: 35,
        // ... and 7 % by its sidecar, where the pod may use 5 %.
        processes: [
          {
            name: 'mesh-proxy',
            pattern: pattern(2, 10_000, 350, { phaseUs: 3_000 }),
          },
        ],
      },
    ],
  },
  {
    name: 'search',
    version: '7.14.0',
    containers: [
      {
        name: 'search',
        cpuRequest: 800,
        // 1.2 % of a CPU, long after the first 100 ms of a second, when batch-report is at work, and between the
        // requests of checkout and inventory: a service that is lucky with its neighbours.
        processes: [
          {
            name: 'search',
            pattern: pattern(1, 500_000, 6_000, { phaseUs: 404_200 }),
          },
        ],
      },
    ],
  },
  {
    name: 'log-shipper',
    version: '3.1.0',
    namespace: 'logging',
    workload: 'DaemonSet',
    containers: [
      {
        name: 'log-shipper',
        cpuRequest: 10,
        // What has been written to logs, in one go: for 2 s in every 20 s as much as the link takes. That is hardly any
        // work, so nobody waits for it on the CPU.
        processes: [
          {
            name: 'log-shipper',
            pattern: pattern(1, 20_000_000, 2_000_000, { phaseUs: 7_000_000 }),
            send: { to: 'log-store', bufferBytes: 64 * 1024 },
          },
        ],
      },
    ],
  },
];

/** The agent's own pod, as deploy/ would make it: one a node. The demo makes its cgroups; who starts the agent puts it there. */
export const agentPod = {
  name: 'contention-agent',
  version: '0.1.0',
  namespace: 'monitoring',
  workload: 'DaemonSet',
  containers: [{ name: 'contention-agent', cpuRequest: 100 }],
};

/** Names of the services, in the order above. */
export const serviceNames = services.map(service => service.name);

/** Who asks: outside the pods and on another CPU, as customers would be. An answer within `workUs` is not late. */
export const customers = {
  name: 'customers',
  place: 'outside',
  ask: 'checkout',
  pattern: pattern(4, 100_000, 2_000),
};

/** Where log-shipper's logs go: no pod of this node either. */
export const logStore = { name: 'log-store', place: 'rack', receive: true };

/** Who is no pod, but takes part. */
export const outsiders = [customers, logStore];

/** What runs when the demo starts. */
export const initialState = {
  burstIn: 'batch-report',
  /** By service: how many pods (0 or 1), and the number of pods it has had, which makes a new pod another pod. */
  scale: {
    ...Object.fromEntries(serviceNames.map(name => [name, 1])),
    [agentPod.name]: 0,
  },
  generation: Object.fromEntries(
    [...serviceNames, agentPod.name].map(name => [name, 1]),
  ),
};
