/** The moment that the reader points at, shared by all charts of a page so that their crosshairs move together. */
import {
  createContext,
  useContext,
  useMemo,
  useState,
  type ReactNode,
} from 'react';

interface Cursor {
  /** Epoch milliseconds; undefined while nobody points anywhere. */
  atMs?: number;
  setAtMs(atMs: number | undefined): void;
}

const CursorContext = createContext<Cursor>({ setAtMs: () => {} });

export function CursorProvider({ children }: { children: ReactNode }) {
  const [atMs, setAtMs] = useState<number>();
  const cursor = useMemo(() => ({ atMs, setAtMs }), [atMs]);
  return (
    <CursorContext.Provider value={cursor}>{children}</CursorContext.Provider>
  );
}

export function useCursor(): Cursor {
  return useContext(CursorContext);
}
