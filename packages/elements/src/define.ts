import './ops-attention/define.js';
import './ops-kpis/define.js';
import './ops-list/define.js';
import './run-detail/define.js';
import './run-progress/define.js';
