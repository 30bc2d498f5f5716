export { buildNode, type NodesContext } from './build';
export { buildNodes } from './list';
