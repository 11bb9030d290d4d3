// Starts telegram-test-api on 127.0.0.1, on the port that is given, and says when it listens.
const TelegramServer = require('telegram-test-api');

const server = new TelegramServer({ host: '127.0.0.1', port: Number(process.argv[2]), storeTimeout: 600 });
server.start().then(() => console.log('listening'));
