import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// A busy machine is no failure: tabs are loaded lazily and compiled on the way. What is hidden by its style jsdom finds out by
// computing it for each element and all above it, which takes most of a test's time; axe looks at that in a real browser.
configure({ asyncUtilTimeout: 20_000, defaultHidden: true });
jest.setTimeout(60_000);

// jsdom has no canvas and says so loudly. What is drawn there is tested by its layout.
if (typeof HTMLCanvasElement !== 'undefined') {
  HTMLCanvasElement.prototype.getContext = () => null;
}
