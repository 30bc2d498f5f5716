import { imageAttributes } from './image';

it.each([
  ['nginx', 'nginx', undefined],
  ['shop/checkout:4.2.0', 'shop/checkout', ['4.2.0']],
  [
    'registry.example:5000/shop/checkout',
    'registry.example:5000/shop/checkout',
    undefined,
  ],
  [
    'registry.example:5000/shop/checkout:1',
    'registry.example:5000/shop/checkout',
    ['1'],
  ],
  ['shop/checkout:4.2.0@sha256:ab12', 'shop/checkout', ['4.2.0']],
  ['shop/checkout@sha256:ab12', 'shop/checkout', undefined],
])('tells repository and tag of %s apart', (reference, name, tags) => {
  expect(imageAttributes(reference)).toEqual({
    'container.image.name': name,
    ...(tags ? { 'container.image.tags': tags } : {}),
  });
});
