/** The pieces that protobuf messages are made of, for messages whose field numbers are written down here. Knows no message. */
import type { Writer } from 'protobufjs/minimal';

export const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2 } as const;

export function tag(field: number, wire: number): number {
  return field * 8 + wire;
}

/** The shape in which protobufjs takes 64-bit integers without a library of its own. */
export function long(value: bigint) {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  };
}

export function fixed64(writer: Writer, field: number, value: bigint): void {
  writer.uint32(tag(field, WIRE.fixed64)).fixed64(long(value));
}

/** JSON has no -0: adding 0 makes it 0 here too, so that both encodings say the same. */
export function double(writer: Writer, field: number, value: number): void {
  writer.uint32(tag(field, WIRE.fixed64)).double(value + 0);
}

export function text(writer: Writer, field: number, value: string): void {
  if (value === '') return;
  writer.uint32(tag(field, WIRE.lengthDelimited)).string(value);
}

/** Writes a nested message: its length is only known when it is complete. */
export function message(writer: Writer, field: number, body: () => void): void {
  writer.uint32(tag(field, WIRE.lengthDelimited)).fork();
  body();
  writer.ldelim();
}
