/**
 * The part of the OTLP protocol (opentelemetry-proto 1.x, metrics service) that this backend reads, as a protobufjs
 * descriptor. Field numbers are the standard's; fields that are not listed are skipped as unknown.
 */
import { Root, type INamespace, type Type } from 'protobufjs/light';

const descriptor: INamespace = {
  nested: {
    ExportMetricsServiceRequest: {
      fields: {
        resourceMetrics: { rule: 'repeated', type: 'ResourceMetrics', id: 1 },
      },
    },
    ExportMetricsServiceResponse: {
      fields: { partialSuccess: { type: 'PartialSuccess', id: 1 } },
    },
    PartialSuccess: {
      fields: {
        rejectedDataPoints: { type: 'int64', id: 1 },
        errorMessage: { type: 'string', id: 2 },
      },
    },
    Status: {
      fields: {
        code: { type: 'int32', id: 1 },
        message: { type: 'string', id: 2 },
      },
    },
    ResourceMetrics: {
      fields: {
        resource: { type: 'Resource', id: 1 },
        scopeMetrics: { rule: 'repeated', type: 'ScopeMetrics', id: 2 },
      },
    },
    Resource: {
      fields: { attributes: { rule: 'repeated', type: 'KeyValue', id: 1 } },
    },
    ScopeMetrics: {
      fields: {
        scope: { type: 'InstrumentationScope', id: 1 },
        metrics: { rule: 'repeated', type: 'Metric', id: 2 },
      },
    },
    InstrumentationScope: {
      fields: {
        name: { type: 'string', id: 1 },
        version: { type: 'string', id: 2 },
      },
    },
    Metric: {
      oneofs: {
        data: {
          oneof: [
            'gauge',
            'sum',
            'histogram',
            'exponentialHistogram',
            'summary',
          ],
        },
      },
      fields: {
        name: { type: 'string', id: 1 },
        gauge: { type: 'Gauge', id: 5 },
        sum: { type: 'Sum', id: 7 },
        histogram: { type: 'OpaquePoints', id: 9 },
        exponentialHistogram: { type: 'ExponentialHistogram', id: 10 },
        summary: { type: 'OpaquePoints', id: 11 },
      },
    },
    OpaquePoints: {
      fields: { dataPoints: { rule: 'repeated', type: 'bytes', id: 1 } },
    },
    Gauge: {
      fields: {
        dataPoints: { rule: 'repeated', type: 'NumberDataPoint', id: 1 },
      },
    },
    Sum: {
      fields: {
        dataPoints: { rule: 'repeated', type: 'NumberDataPoint', id: 1 },
        aggregationTemporality: { type: 'int32', id: 2 },
        isMonotonic: { type: 'bool', id: 3 },
      },
    },
    ExponentialHistogram: {
      fields: {
        dataPoints: {
          rule: 'repeated',
          type: 'ExponentialHistogramDataPoint',
          id: 1,
        },
        aggregationTemporality: { type: 'int32', id: 2 },
      },
    },
    NumberDataPoint: {
      oneofs: { value: { oneof: ['asDouble', 'asInt'] } },
      fields: {
        startTimeUnixNano: { type: 'fixed64', id: 2 },
        timeUnixNano: { type: 'fixed64', id: 3 },
        asDouble: { type: 'double', id: 4 },
        asInt: { type: 'sfixed64', id: 6 },
        attributes: { rule: 'repeated', type: 'KeyValue', id: 7 },
        flags: { type: 'uint32', id: 8 },
      },
    },
    ExponentialHistogramDataPoint: {
      oneofs: { _sum: { oneof: ['sum'] } },
      fields: {
        attributes: { rule: 'repeated', type: 'KeyValue', id: 1 },
        startTimeUnixNano: { type: 'fixed64', id: 2 },
        timeUnixNano: { type: 'fixed64', id: 3 },
        count: { type: 'fixed64', id: 4 },
        sum: {
          type: 'double',
          id: 5,
          options: { proto3_optional: true },
        },
        scale: { type: 'sint32', id: 6 },
        zeroCount: { type: 'fixed64', id: 7 },
        positive: { type: 'Buckets', id: 8 },
        negative: { type: 'Buckets', id: 9 },
        flags: { type: 'uint32', id: 10 },
        exemplars: { rule: 'repeated', type: 'Exemplar', id: 11 },
      },
    },
    Exemplar: {
      oneofs: { value: { oneof: ['asDouble', 'asInt'] } },
      fields: {
        timeUnixNano: { type: 'fixed64', id: 2 },
        asDouble: { type: 'double', id: 3 },
        asInt: { type: 'sfixed64', id: 6 },
        filteredAttributes: { rule: 'repeated', type: 'KeyValue', id: 7 },
      },
    },
    Buckets: {
      fields: {
        offset: { type: 'sint32', id: 1 },
        bucketCounts: { rule: 'repeated', type: 'uint64', id: 2 },
      },
    },
    KeyValue: {
      fields: {
        key: { type: 'string', id: 1 },
        value: { type: 'AnyValue', id: 2 },
      },
    },
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        stringValue: { type: 'string', id: 1 },
        boolValue: { type: 'bool', id: 2 },
        intValue: { type: 'int64', id: 3 },
        doubleValue: { type: 'double', id: 4 },
        arrayValue: { type: 'ArrayValue', id: 5 },
        kvlistValue: { type: 'KeyValueList', id: 6 },
        bytesValue: { type: 'bytes', id: 7 },
      },
    },
    ArrayValue: {
      fields: { values: { rule: 'repeated', type: 'AnyValue', id: 1 } },
    },
    KeyValueList: {
      fields: { values: { rule: 'repeated', type: 'KeyValue', id: 1 } },
    },
  },
};

const root = Root.fromJSON(descriptor);

export const requestType: Type = root.lookupType('ExportMetricsServiceRequest');
export const responseType: Type = root.lookupType(
  'ExportMetricsServiceResponse',
);
export const statusType: Type = root.lookupType('Status');
