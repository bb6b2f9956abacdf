import { readFileSync } from 'node:fs';

/** Bytes of one JavaScript heap, with the buffers that it holds, by what they are. */
export interface HeapContents {
  /** Objects, strings, arrays and the memory of buffers. */
  readonly objects: number;
  /** Compiled code, and what the runtime keeps to compile, deoptimise and share it. */
  readonly code: number;
}

/** Types of nodes that belong to code. */
const CODE_TYPES = new Set(['code', 'hidden', 'object shape']);

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: string[]; readonly node_types: [string[], ...unknown[]] };
  };
  readonly nodes: readonly number[];
}

/** Adds up the nodes of a heap snapshot. @param path file written by `v8.writeHeapSnapshot` @throws Error if it is not one */
export function heapContents(path: string): HeapContents {
  const { snapshot, nodes } = JSON.parse(readFileSync(path, 'utf8')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const typeField = fields.indexOf('type');
  const sizeField = fields.indexOf('self_size');
  if (typeField < 0 || sizeField < 0) throw new Error(`"${path}" is not a heap snapshot: nodes have no type or size`);
  let objects = 0;
  let code = 0;
  for (let first = 0; first < nodes.length; first += fields.length) {
    const size = nodes[first + sizeField]!;
    if (CODE_TYPES.has(types[0][nodes[first + typeField]!]!)) code += size;
    else objects += size;
  }
  return { objects, code };
}
