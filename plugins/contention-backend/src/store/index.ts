export * from './aggregation';
export * from './KnexStore';
export * from './resolution';
export * from './Store';
