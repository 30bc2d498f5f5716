/** Which device of a node its network matrix is of, kept in the address as `device`; all of them together when there is none. */
import { useCallback } from 'react';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import { useSearchParams } from 'react-router-dom';
import type { NodeReport, Resource } from 'backstage-plugin-contention-common';
import { useBareLabel } from '../../theme';
import { useWords } from '../../translation';

/** The search parameter. */
export const DEVICE = 'device';

export function useDevice(
  resource: Resource,
): [device: string | undefined, choose: (device: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const choose = useCallback(
    (device: string | undefined) =>
      setParams(previous => {
        const changed = new URLSearchParams(previous);
        if (device) changed.set(DEVICE, device);
        else changed.delete(DEVICE);
        return changed;
      }),
    [setParams],
  );
  const device = params.get(DEVICE) || undefined;
  return [resource === 'network' ? device : undefined, choose];
}

export interface DeviceSelectProps {
  report: NodeReport | undefined;
  device: string | undefined;
  onDevice(device: string | undefined): void;
}

export function DeviceSelect({ report, device, onDevice }: DeviceSelectProps) {
  const label = useBareLabel();
  const t = useWords();
  if (!report?.network) return null;
  const names = new Set(
    report.network.queues.map(({ interfaceName }) => interfaceName),
  );
  // A link may be of another time.
  if (device) names.add(device);
  if (names.size === 0) return null;
  return (
    <TextField
      select
      size="small"
      variant="outlined"
      id="contention-device"
      label={t('neighbours.device')}
      value={device ?? ''}
      onChange={event => onDevice(event.target.value || undefined)}
      SelectProps={{ displayEmpty: true }}
      InputLabelProps={{ shrink: true, classes: label }}
      style={{ minWidth: 160 }}
    >
      <MenuItem value="">{t('nodes.allDevices')}</MenuItem>
      {[...names].map(name => (
        <MenuItem key={name} value={name}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}
