// `npm start`: the demo as the compiler has built it.
import './dist/start.js';
