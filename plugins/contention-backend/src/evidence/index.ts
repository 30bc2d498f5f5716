export { wireEvidence } from './wiring';
