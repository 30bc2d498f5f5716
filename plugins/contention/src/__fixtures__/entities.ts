/** The catalog of the fixtures: the services, their teams, and an entity for each state. */
import type { Entity } from '@backstage/catalog-model';

interface Service {
  name: string;
  owner: string;
  description: string;
}

const SERVICES: Service[] = [
  {
    name: 'checkout',
    owner: 'payments',
    description: 'Takes the money. Hurt by a neighbour.',
  },
  {
    name: 'batch-report',
    owner: 'data',
    description: '80 ms of CPU in every second, on many threads',
  },
  {
    name: 'inventory',
    owner: 'shop',
    description: "Runs into its pod's CPU limit",
  },
  { name: 'search', owner: 'search', description: 'Healthy' },
  {
    name: 'nightly-etl',
    owner: 'data',
    description: 'Another neighbour. Serves no requests',
  },
  {
    name: 'orders',
    owner: 'shop',
    description: 'Its packets stand behind those of log-shipper',
  },
  {
    name: 'log-shipper',
    owner: 'platform',
    description: 'Fills the link for two seconds in twenty',
  },
  { name: 'report-api', owner: 'data', description: 'Slow by its own work' },
  {
    name: 'gateway',
    owner: 'shop',
    description: 'Slow because others are',
  },
  {
    name: 'feedback',
    owner: 'shop',
    description: 'Too few requests to say anything',
  },
  {
    name: 'mail-relay',
    owner: 'shop',
    description: 'Requests are not measured on its node',
  },
  {
    name: 'legacy-billing',
    owner: 'payments',
    description: 'State: not annotated',
  },
  {
    name: 'ghost',
    owner: 'shop',
    description: 'State: annotated, no pods seen',
  },
  {
    name: 'archive',
    owner: 'shop',
    description: 'State: no data in this range',
  },
  { name: 'reviews', owner: 'shop', description: 'State: stale' },
  { name: 'payments', owner: 'payments', description: 'State: forbidden' },
  { name: 'recommendations', owner: 'data', description: 'State: failed' },
  { name: 'shipping', owner: 'shop', description: 'State: partly failed' },
  { name: 'media', owner: 'shop', description: 'Several clusters' },
  {
    name: 'newcomer',
    owner: 'shop',
    description: 'Measured for six minutes only',
  },
  {
    name: 'flaky',
    owner: 'shop',
    description: 'State: the refresh fails, old data stays',
  },
  { name: 'slow', owner: 'shop', description: 'State: loading' },
];

/** What has members instead of pods. */
const SYSTEMS = [
  {
    name: 'storefront',
    description: 'What customers touch. Hurt by a neighbour.',
    parts: [
      'checkout',
      'inventory',
      'gateway',
      'search',
      'archive',
      'legacy-billing',
      'payments',
    ],
  },
  { name: 'empty', description: 'State: no members', parts: [] },
];

const TEAMS = ['payments', 'data', 'shop', 'search', 'platform'];

export const entities: Entity[] = [
  ...SERVICES.map(({ name, owner, description }) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      description,
      annotations:
        name === 'legacy-billing'
          ? undefined
          : { 'backstage.io/kubernetes-id': name },
    },
    spec: { type: 'service', lifecycle: 'production', owner },
    relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
  })),
  ...TEAMS.map(name => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default', uid: `team-${name}` },
    spec: {
      type: 'team',
      profile: { displayName: name[0].toUpperCase() + name.slice(1) },
      children: [],
    },
    relations: SERVICES.filter(({ owner }) => owner === name).map(service => ({
      type: 'ownerOf',
      targetRef: `component:default/${service.name}`,
    })),
  })),
  ...SYSTEMS.map(({ name, description, parts }) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: {
      name,
      namespace: 'default',
      uid: `system-${name}`,
      description,
    },
    spec: { owner: 'shop' },
    relations: [
      { type: 'ownedBy', targetRef: 'group:default/shop' },
      ...parts.map(part => ({
        type: 'hasPart',
        targetRef: `component:default/${part}`,
      })),
    ],
  })),
];
