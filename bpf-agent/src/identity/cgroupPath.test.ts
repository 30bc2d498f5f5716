import fc from 'fast-check';
import { isWithin, placeOf } from './cgroupPath';

const UID = '0f5a1c9e-3b1d-4c55-9d0e-6a7b8c9d0e1f';
const SYSTEMD_UID = UID.replace(/-/g, '_');
const HASH = '0123456789abcdef0123456789abcdef';
const ID = 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90';
const OTHER_ID =
  'ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100';

describe('a container in a pod is found under every driver, runtime and root', () => {
  const slice = (qos: string) =>
    `/kubepods.slice/kubepods-${qos}.slice/kubepods-${qos}-pod${SYSTEMD_UID}.slice`;
  it.each([
    // cgroupfs driver
    ['burstable', `/kubepods/burstable/pod${UID}`, `/${ID}`],
    ['besteffort', `/kubepods/besteffort/pod${UID}`, `/${ID}`],
    ['guaranteed', `/kubepods/pod${UID}`, `/${ID}`],
    ['burstable', `/kubepods/burstable/pod${UID}`, `/crio-${ID}`],
    // systemd driver
    ['burstable', slice('burstable'), `/cri-containerd-${ID}.scope`],
    ['besteffort', slice('besteffort'), `/crio-${ID}.scope`],
    ['burstable', slice('burstable'), `/docker-${ID}.scope`],
    [
      'guaranteed',
      `/kubepods.slice/kubepods-pod${SYSTEMD_UID}.slice`,
      `/cri-containerd-${ID}.scope`,
    ],
    // below another root: --cgroup-root, kind, a test
    ['burstable', `/kubelet/kubepods/burstable/pod${UID}`, `/${ID}`],
    ['guaranteed', `/kubepods-test-7/pod${UID}`, `/${ID}`],
    [
      'burstable',
      `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${SYSTEMD_UID}.slice`,
      `/cri-containerd-${ID}.scope`,
    ],
    [
      'burstable',
      `/docker/${OTHER_ID}/kubelet/kubepods/burstable/pod${UID}`,
      `/${ID}`,
    ],
  ])('%s %s%s', (qos, podPath, rest) => {
    expect(placeOf(`${podPath}${rest}`)).toEqual({
      kind: 'container',
      path: `${podPath}${rest}`,
      containerId: ID,
      pod: { kind: 'pod', path: podPath, uid: UID, qos },
    });
    expect(placeOf(podPath)).toEqual({
      kind: 'pod',
      path: podPath,
      uid: UID,
      qos,
    });
  });

  it('also where a cgroupfs runtime got a systemd name', () => {
    const path = `/system.slice/containerd.service/kubepods-burstable-pod${SYSTEMD_UID}.slice:cri-containerd:${ID}`;
    expect(placeOf(path)).toMatchObject({
      kind: 'container',
      path,
      containerId: ID,
      pod: { uid: UID, qos: 'burstable' },
    });
  });

  it('also for a static pod, whose uid is a hash', () => {
    expect(placeOf(`/kubepods/burstable/pod${HASH}/${ID}`)).toMatchObject({
      kind: 'container',
      pod: { uid: HASH },
    });
    expect(
      placeOf(
        `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${HASH}.slice/crio-${ID}.scope`,
      ),
    ).toMatchObject({ kind: 'container', pod: { uid: HASH } });
  });
});

describe('what is inside a container belongs to the container', () => {
  it.each([
    `/kubepods/burstable/pod${UID}/${ID}`,
    `/docker/${ID}`,
    `/machine.slice/libpod-${ID}.scope`,
    '/lxc/web',
  ])('%s', container => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'init',
            'nested',
            'kubepods',
            `pod${UID}`,
            OTHER_ID,
            'foo.service',
            'user.slice',
          ),
          { maxLength: 4 },
        ),
        below => {
          // A cluster inside a plain container is a cluster, not part of the container.
          fc.pre(container.includes('kubepods') || !below.includes('kubepods'));
          const inside = [container, ...below].join('/');
          expect(placeOf(inside)).toEqual(placeOf(container));
        },
      ),
    );
  });
});

describe('outside Kubernetes', () => {
  it.each([
    ['/docker/ID', { containerId: ID }],
    ['/system.slice/docker-ID.scope', { containerId: ID }],
    ['/machine.slice/libpod-ID.scope', { containerId: ID }],
    [
      '/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope',
      { containerId: ID },
    ],
    ['/libpod_parent/libpod-ID', { containerId: ID }],
    ['/default/ID', { containerId: ID }],
    ['/lxc.payload.web', { containerName: 'web' }],
    ['/lxc/web', { containerName: 'web' }],
    ['/machine.slice/machine-web.scope', { containerName: 'web' }],
  ])('%s is a container', (pattern, expected) => {
    const path = pattern.replace('ID', ID);
    expect(placeOf(path)).toEqual({ kind: 'container', path, ...expected });
  });

  it.each([
    ['/system.slice/foo.service', '/system.slice/foo.service', 'foo.service'],
    [
      '/system.slice/system-getty.slice/getty@tty1.service',
      '/system.slice/system-getty.slice/getty@tty1.service',
      'getty@tty1.service',
    ],
    [
      '/system.slice/foo.service/worker/1',
      '/system.slice/foo.service',
      'foo.service',
    ],
    ['/init.scope', '/init.scope', 'init.scope'],
    [
      '/user.slice/user-1000.slice/session-3.scope',
      '/user.slice/user-1000.slice/session-3.scope',
      'session-3.scope',
    ],
    [
      '/user.slice/user-1000.slice/user@1000.service/app.slice/web.service',
      '/user.slice/user-1000.slice/user@1000.service/app.slice/web.service',
      'web.service',
    ],
    ['/system.slice', '/system.slice', 'system.slice'],
    [
      `/machine.slice/libpod-conmon-${ID}.scope`,
      `/machine.slice/libpod-conmon-${ID}.scope`,
      `libpod-conmon-${ID}.scope`,
    ],
  ])('%s is the unit %s', (path, unitPath, unit) => {
    expect(placeOf(path)).toEqual({ kind: 'unit', path: unitPath, unit });
  });

  it.each(['/batch/nightly', '/kubepods', '/kubepods/burstable', '/pod1/x'])(
    '%s is a cgroup and nothing more',
    path => {
      expect(placeOf(path)).toEqual({ kind: 'cgroup', path });
    },
  );

  it('the root is the root', () => {
    expect(placeOf('/')).toEqual({ kind: 'root', path: '/' });
  });
});

it('a monitor beside a container is part of the pod, not a container', () => {
  const podPath = `/kubepods/burstable/pod${UID}`;
  expect(placeOf(`${podPath}/crio-conmon-${ID}.scope`)).toMatchObject({
    kind: 'pod',
    path: podPath,
  });
});

it('any path at all has a place, and the place is an ancestor or the path', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.constantFrom(
            'kubepods',
            'burstable',
            `pod${UID}`,
            ID,
            'a.slice',
            'lxc',
          ),
          fc.string({ minLength: 1 }).filter(text => !text.includes('/')),
        ),
      ),
      segments => {
        const path = `/${segments.join('/')}`;
        expect(isWithin(path, placeOf(path).path)).toBe(true);
      },
    ),
  );
});
