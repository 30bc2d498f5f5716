/**
 * What alert tools send, as incidents: when it began and ended, what it is called, and who it is about, in words that
 * `GET /v1/resolve` knows. Only what is used is read. Pure.
 *
 * PagerDuty: webhooks v3, `incident.*` (https://developer.pagerduty.com/docs/webhooks-overview); they name the service, not
 * pods. Opsgenie: outgoing webhook with details in the payload. Alertmanager: webhook of version 4
 * (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config); Grafana sends the same form.
 */
import {
  incidentUrlSchema,
  MAX_EVIDENCE_TITLE,
  printable,
  type ResolveKey,
} from 'backstage-plugin-contention-common';
import { z } from 'zod';
import { clipped } from '../evidence/text';
import type { IncidentTool } from './settings';

export interface Incident {
  title: string;
  url?: string;
  startMs: number;
  /** Absent while it goes on. */
  endMs?: number;
  /** For `GET /v1/resolve`. */
  who: Partial<Record<ResolveKey, string>>;
  /** The tool's own id of the service, which an entity may carry as an annotation. */
  serviceId?: string;
}

/** One message may hold many alerts; a flood of them says nothing more about where to look. */
const MAX_INCIDENTS = 50;

/**
 * Names that tools have for the same thing, the better one first: what kube-state-metrics tells of a pod has that pod in
 * `exported_*`, and itself in the plain ones.
 */
const LABELS: Record<ResolveKey, string[]> = {
  cluster: ['cluster', 'k8s_cluster_name', 'k8s.cluster.name'],
  namespace: names('namespace', ['kubernetes_namespace']),
  pod: names('pod', ['pod_name', 'kubernetes_pod_name']),
  container: names('container', ['container_name', 'container_id']),
  ip: ['pod_ip', 'k8s.pod.ip'],
  node: names('node', ['nodename']),
  workload: ['deployment', 'statefulset', 'daemonset', 'workload'].concat(
    ['deployment', 'statefulset', 'daemonset'].flatMap(kind => [
      `k8s_${kind}_name`,
      `k8s.${kind}.name`,
    ]),
  ),
  service: [
    'backstage_entity',
    'entity',
    'component',
    'service',
    'service_name',
    'service.name',
    'app',
    'app_kubernetes_io_name',
  ],
};

function names(thing: string, more: string[]): string[] {
  return [
    `exported_${thing}`,
    thing,
    `k8s_${thing}_name`,
    `k8s.${thing}.name`,
    ...more,
  ];
}

/** What names somebody, at most one name a key; undefined where that is nobody in particular. */
export function whoOf(
  labels: Readonly<Record<string, unknown>>,
): Incident['who'] {
  const who: Incident['who'] = {};
  for (const [key, candidates] of Object.entries(LABELS)) {
    const label = candidates.find(
      name =>
        Object.hasOwn(labels, name) &&
        typeof labels[name] === 'string' &&
        labels[name] !== '',
    );
    if (label) who[key as ResolveKey] = String(labels[label]);
  }
  // The service of a scrape is often the exporter's: whoever has a better name is not looked for by it.
  if (who.pod ?? who.workload ?? who.ip) delete who.service;
  return who;
}

const moment = z.string().transform((text, context) => {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  context.addIssue({ code: 'custom', message: `'${text}' is no time` });
  return z.NEVER;
});

const labels = z.record(z.string(), z.unknown()).default({});

const pagerdutySchema = z.object({
  event: z.object({
    event_type: z.string(),
    occurred_at: moment,
    data: z.object({
      type: z.string(),
      html_url: z.string().optional(),
      title: z.string().optional(),
      created_at: moment.optional(),
      service: z
        .object({ id: z.string(), summary: z.string().optional() })
        .optional(),
    }),
  }),
});

const PAGERDUTY_OPENED = ['incident.triggered', 'incident.reopened'];
const PAGERDUTY_CLOSED = 'incident.resolved';

function pagerduty(payload: unknown): Incident[] {
  const { event } = pagerdutySchema.parse(payload);
  const { event_type: type, occurred_at: atMs, data } = event;
  const isClosed = type === PAGERDUTY_CLOSED;
  if (!isClosed && !PAGERDUTY_OPENED.includes(type)) return [];
  return [
    {
      title: titleOf(data.title, 'PagerDuty incident'),
      url: urlOf(data.html_url),
      // One that was reopened began anew.
      startMs: isClosed ? (data.created_at ?? atMs) : atMs,
      endMs: isClosed ? atMs : undefined,
      who: data.service?.summary ? { service: data.service.summary } : {},
      serviceId: data.service?.id,
    },
  ];
}

const opsgenieSchema = z.object({
  action: z.string(),
  alert: z.object({
    alertId: z.string(),
    message: z.string().optional(),
    entity: z.string().optional(),
    tags: z.array(z.string()).default([]),
    details: labels,
    createdAt: z.number().optional(),
    updatedAt: z.number().optional(),
  }),
});

function opsgenie(payload: unknown, nowMs: number): Incident[] {
  const { action, alert } = opsgenieSchema.parse(payload);
  if (action !== 'Create' && action !== 'Close') return [];
  const { createdAt: startMs = nowMs, updatedAt } = alert;
  const tagged = Object.fromEntries(
    alert.tags.flatMap(tag => {
      const [, key, value] = /^([\w.]+)[:=](.+)$/.exec(tag) ?? [];
      return key ? [[key, value]] : [];
    }),
  );
  const entity = alert.entity ? { entity: alert.entity } : {};
  return [
    {
      title: titleOf(alert.message, 'Opsgenie alert'),
      startMs,
      // Sent in milliseconds by some actions, and in nanoseconds by others.
      endMs:
        action === 'Close'
          ? Math.max(startMs, milliseconds(updatedAt, nowMs))
          : undefined,
      who: whoOf({ ...tagged, ...entity, ...alert.details }),
    },
  ];
}

function milliseconds(time: number | undefined, nowMs: number): number {
  if (time === undefined) return nowMs;
  return time > 1e15 ? Math.round(time / 1e6) : time;
}

const alertmanagerSchema = z.object({
  externalURL: z.string().optional(),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels,
      annotations: labels,
      startsAt: moment,
      endsAt: moment.optional(),
      generatorURL: z.string().optional(),
    }),
  ),
});

function alertmanager(payload: unknown): Incident[] {
  return alertmanagerSchema.parse(payload).alerts.map(alert => ({
    title: titleOf(
      alert.annotations.summary ?? alert.labels.alertname,
      'Alert',
    ),
    url: urlOf(alert.generatorURL),
    startMs: alert.startsAt,
    endMs: alert.status === 'resolved' ? alert.endsAt : undefined,
    who: whoOf(alert.labels),
  }));
}

function titleOf(text: unknown, fallback: string): string {
  const line = typeof text === 'string' ? printable(text).trim() : '';
  return clipped(line || fallback, MAX_EVIDENCE_TITLE);
}

function urlOf(text: string | undefined): string | undefined {
  const parsed = incidentUrlSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

const READERS: Record<
  IncidentTool,
  (payload: unknown, nowMs: number) => Incident[]
> = { pagerduty, opsgenie, alertmanager };

/** @throws z.ZodError where the payload is none of the tool's */
export function incidentsOf(
  tool: IncidentTool,
  payload: unknown,
  nowMs: number,
): Incident[] {
  return READERS[tool](payload, nowMs).slice(0, MAX_INCIDENTS);
}
