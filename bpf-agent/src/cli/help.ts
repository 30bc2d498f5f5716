/** What `--help` prints. */
import { DEFAULT_POD_LABELS } from './defaults';

export const HELP = `contention-agent: who waited for a CPU, for whom, and which quota stopped whom, as OpenTelemetry metrics

Usage
  contention-agent run [flags]               measure until stopped; send every interval, or let it be scraped
  contention-agent snapshot --seconds N      measure once, print one OTLP/JSON request

Names
  --cluster NAME        k8s.cluster.name of everything sent
  --node NAME           name of this node (default: the host's name)
  --pods FILE           the node's pods, as the kubelet's GET /pods answers; read again when it changes
  --pod-labels A,B      pod labels to pass on, * for all (default: ${DEFAULT_POD_LABELS.join(
    ',',
  )})

Measuring
  --interval SECONDS    of run: time between two frames (default 10)
  --seconds N           of snapshot: length of the window (default 10)
  --sensor-path FILE    the sensor to start (default: build/contention-sensor beside this program)
  --budget SHARE        what the kernel programs may cost: a share of one core for every 10,000 task switches or 40,000
                        packets a second, and of one core below that (default 0.01); beyond it the least important
                        measurements are switched off one by one, and on again later; 0: never
  --frames PATH         of run: read frames from a FIFO, a Unix socket, a file or - instead of starting a sensor
  --host-root DIR       where the host's file system is seen from here (default /)

Sending (run); each flag overrides its OTEL_EXPORTER_OTLP_* variable
  --endpoint URL        base URL; /v1/metrics is appended if it is not there (default http://localhost:4318)
  --header KEY=VALUE    one more header; may be repeated
  --token TOKEN         Authorization: Bearer TOKEN (better: the variable CONTENTION_AGENT_TOKEN)
  --token-file FILE     the same from a file, read again for every request
  --protocol P          http/protobuf (default) or http/json
  --compression C       gzip (default) or none
  --timeout SECONDS     for one attempt (default 10)
  --temporality T       delta (default), cumulative or lowmemory
  --queue-mib N         memory for what cannot be sent yet (default 16)

Scraping (run): Prometheus, at /metrics
  --exporter E          otlp (default: send), prometheus (be scraped), or both with a comma; overrides
                        OTEL_METRICS_EXPORTER
  --listen HOST:PORT    where to be scraped (default localhost:9464); overrides OTEL_EXPORTER_PROMETHEUS_HOST and
                        ..._PORT. Whoever reaches it reads the names of everything on this node

  --help, --version
`;
