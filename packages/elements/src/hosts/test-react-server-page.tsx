/** @jsxImportSource react */
import { renderToString } from 'react-dom/server';
import { ReactPage } from './test-react-shared.js';

/** The page as React draws it on a server. */
export const reactPage = () => renderToString(<ReactPage followed={[]} />);
