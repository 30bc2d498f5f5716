/** What every part of a tab may need to know of the page it is on: which range is shown, and how to change it. */
import { createContext, useContext } from 'react';

export interface ReportPageContext {
  /** The range of the report that is on the screen, epoch milliseconds. */
  shown: { from: number; to: number };
  /** The part of it that charts draw: see drawnRange. */
  drawn: { from: number; to: number };
  cluster?: string;
  /** What is shown answers an older question; the new answer is on its way. */
  isCatchingUp: boolean;
  /** Shows another range, as a step that "back" undoes. Epoch milliseconds. Absent: there is no other, as in a record. */
  zoomTo?(fromMs: number, toMs: number): void;
}

const Context = createContext<ReportPageContext | undefined>(undefined);

export const ReportContextProvider = Context.Provider;

export function useReportPage(): ReportPageContext {
  const context = useContext(Context);
  if (!context) throw new Error('There is no report page around this part');
  return context;
}
