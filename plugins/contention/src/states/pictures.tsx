/** Small line drawings, one a state. They take the colour of the text around them. */
import type { ReactNode } from 'react';
import { useTheme } from '@material-ui/core/styles';

function Drawing({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 220 140"
      width="100%"
      fill="none"
      stroke="currentColor"
      strokeWidth={2.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

function useAccent(): string {
  return useTheme().palette.primary.main;
}

/** A page of YAML with two lines missing. */
export function NotAnnotatedPicture() {
  const accent = useAccent();
  return (
    <Drawing>
      <rect x={50} y={10} width={120} height={120} rx={8} />
      <path d="M68 34h44M68 50h68M80 66h40" opacity={0.5} />
      <g stroke={accent} strokeDasharray="5 6">
        <path d="M80 86h72M80 102h56" />
      </g>
      <g stroke={accent}>
        <circle cx={60} cy={94} r={12} fill="none" />
        <path d="M60 88v12M54 94h12" />
      </g>
    </Drawing>
  );
}

/** A magnifying glass over empty boxes. */
export function NoPodsPicture() {
  const accent = useAccent();
  return (
    <Drawing>
      <g strokeDasharray="5 6" opacity={0.6}>
        <rect x={24} y={24} width={48} height={40} rx={6} />
        <rect x={86} y={24} width={48} height={40} rx={6} />
        <rect x={24} y={78} width={48} height={40} rx={6} />
        <rect x={86} y={78} width={48} height={40} rx={6} />
      </g>
      <g stroke={accent}>
        <circle cx={146} cy={68} r={30} />
        <path d="M168 90l28 28" strokeWidth={5} />
      </g>
    </Drawing>
  );
}

/** An axis with bars outside the frame that is looked at. */
export function NoDataPicture() {
  const accent = useAccent();
  return (
    <Drawing>
      <path d="M16 118h188" />
      <g opacity={0.6}>
        <path d="M28 118V84M40 118V66M52 118V92M64 118V78" strokeWidth={7} />
      </g>
      <rect
        x={112}
        y={22}
        width={86}
        height={96}
        rx={6}
        strokeDasharray="5 6"
      />
      <path d="M100 50H80m8-9l-9 9 9 9" stroke={accent} />
    </Drawing>
  );
}

/** A padlock. */
export function ForbiddenPicture() {
  const accent = useAccent();
  return (
    <Drawing>
      <path d="M82 64V46a28 28 0 0 1 56 0v18" />
      <rect x={66} y={64} width={88} height={62} rx={10} />
      <g stroke={accent}>
        <circle cx={110} cy={90} r={8} />
        <path d="M110 98v12" />
      </g>
    </Drawing>
  );
}

/** A line between two boxes that is cut. */
export function FailedPicture() {
  const accent = useAccent();
  return (
    <Drawing>
      <rect x={16} y={44} width={56} height={52} rx={8} />
      <rect x={148} y={44} width={56} height={52} rx={8} />
      <path d="M72 70h18M130 70h18" />
      <path d="M100 58l20 24M120 58l-20 24" stroke={accent} />
    </Drawing>
  );
}
