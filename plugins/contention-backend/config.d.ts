import type { HumanDuration } from '@backstage/types';

export interface Config {
  contention?: {
    /** Taking metrics in: `POST /api/contention/otlp/v1/metrics`. */
    ingest?: {
      /**
       * Which cluster a token speaks for. The subject is that of the token as Backstage sees it: the configured one for a
       * `static` token, `external:<subjectPrefix>:<sub>` for a `jwks` token. Data that names another cluster is refused,
       * data that names none gets this one.
       */
      clusters?: Array<{
        subject: string;
        cluster: string;
      }>;
      /**
       * Whether tokens whose subject is bound to no cluster may send data of any cluster. Off by default: one leaked
       * token could otherwise speak for every cluster. Data without a cluster then belongs to the cluster `default`.
       * @default false
       */
      allowUnbound?: boolean;
      /**
       * Bytes of a request body on the wire.
       * @default 4194304
       */
      maxBodyBytes?: number;
      /**
       * Bytes of a request body after decompression; inflating stops there.
       * @default 33554432
       */
      maxInflatedBytes?: number;
      /**
       * Data points in one request.
       * @default 100000
       */
      maxPoints?: number;
      /**
       * Attributes of one resource or data point.
       * @default 64
       */
      maxAttributes?: number;
      /**
       * Characters of one attribute key or value.
       * @default 1024
       */
      maxAttributeLength?: number;
      /**
       * Requests that are worked on at once; one more is answered 503 with Retry-After.
       * @default 8
       */
      maxConcurrent?: number;
    };
    /** How long data is kept. A coarser resolution must not be kept for a shorter time than a finer one. */
    retention?: {
      /**
       * Data as it was sent, every 10 s by default. Also how late data may come: older points are refused.
       * @default { hours: 6 }
       */
      raw?: HumanDuration | string;
      /**
       * In windows of a minute and of five.
       * @default { days: 3 }
       */
      minutes?: HumanDuration | string;
      /**
       * In windows of a quarter of an hour and of an hour.
       * @default { days: 30 }
       */
      quarters?: HumanDuration | string;
      /**
       * Names of pods, containers and units after their data is gone: for links in old tickets that know no more than those.
       * @default { days: 400 }
       */
      names?: HumanDuration | string;
      /**
       * How many of these names at most, about a kilobyte each; the oldest are forgotten first.
       * @default 500000
       */
      maxNames?: number;
    };
    /** Frozen records of what the tabs showed: `docs/evidence.md`. */
    evidence?: {
      /**
       * Bytes of one record as it is stored, compressed.
       * @default 2097152
       */
      maxRecordBytes?: number;
      /**
       * Replies to one record.
       * @default 100
       */
      maxReplies?: number;
      /** Freezing without being asked. */
      automatic?: {
        /**
         * Whether a link with a fixed range is frozen when it is first opened.
         * @default true
         */
        links?: boolean;
        /**
         * Automatic records of one entity. The oldest go first, those of links before those of alerts, and those with
         * replies never.
         * @default 50
         */
        maxPerEntity?: number;
        /**
         * Ranges of one entity that may wait for their end.
         * @default 20
         */
        maxWaiting?: number;
        /**
         * How long after the end of a range it is frozen: its data has to come in first.
         * @default { minutes: 2 }
         */
        settle?: HumanDuration | string;
        /**
         * How much before an alert is frozen.
         * @default { minutes: 60 }
         */
        before?: HumanDuration | string;
        /**
         * How much after an alert is frozen.
         * @default { minutes: 15 }
         */
        after?: HumanDuration | string;
      };
    };
    /**
     * Alert tools whose webhooks freeze what they are about: `POST /api/events/http/contention.<tool>`, with
     * `@backstage/plugin-events-backend` installed. A tool without a secret is not listened to.
     */
    incidents?: {
      pagerduty?: {
        /**
         * The secret of the webhook subscription (v3), which its signatures are made with.
         * @visibility secret
         */
        secret?: string;
      };
      opsgenie?: {
        /**
         * For `Authorization: Bearer <token>`, a custom header of the outgoing webhook.
         * @visibility secret
         */
        token?: string;
        /** For `Authorization: Basic`. */
        username?: string;
        /** @visibility secret */
        password?: string;
      };
      alertmanager?: {
        /**
         * `http_config.authorization.credentials` of the receiver.
         * @visibility secret
         */
        token?: string;
        /** `http_config.basic_auth` of the receiver. */
        username?: string;
        /** @visibility secret */
        password?: string;
      };
    };
    /**
     * How often annotated entities and their owners are read from the catalog.
     * @default { seconds: 60 }, and 5 seconds while developing
     */
    catalogRefresh?: HumanDuration | string;
    /** What the page of coverage looks at besides agents and the catalog. */
    coverage?: {
      /**
       * Whether the portal's Kubernetes plugin is asked, every five minutes and with its own credentials, which nodes and
       * Services its clusters have: nodes that never had an agent cannot be known otherwise, and a connection to a Service
       * has an address that no pod has. It takes the right to list both; what it may not list is not known, and said.
       * @default true where `kubernetes.clusterLocatorMethods` is set
       */
      kubernetesNodes?: boolean;
    };
  };
}
