import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// A busy machine is no failure: tabs are loaded lazily and compiled on the way.
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

// jsdom has no canvas and says so loudly. What is drawn there is tested by its layout.
if (typeof HTMLCanvasElement !== 'undefined') {
  HTMLCanvasElement.prototype.getContext = () => null;
}
