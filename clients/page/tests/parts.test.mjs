import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

const pages = new URL('../../../src/WebApi/wwwroot/js/', import.meta.url);
const load = file => import(new URL(file, pages));

test('Digits of any script are read, and a pasted message gives its code', async () => {
  const { asciiDigits } = await load('code-input.js');
  assert.equal(asciiDigits('٠٤٢٧'), '0427');
  assert.equal(asciiDigits('０４２７'), '0427');
  assert.equal(asciiDigits('𝟎𝟒𝟐𝟟'), '0427');
  assert.equal(asciiDigits('Your code: 04-27.'), '0427');
});

test('An invite code is read however it is written, and nothing else is taken for one', async () => {
  const { inviteShape } = await load('invite-link.js');
  assert.equal(inviteShape(' k7m-2qx '), 'K7M2QX');
  for (const wrong of ['', 'K7M2Q', 'K7M2QXX', 'K7M2QO', 'K7M2Q1', 'K7M2QI', '<b>2QX']) assert.equal(inviteShape(wrong), '', wrong);
});

test('Devices are told apart by browser and system', async () => {
  const { nameOf } = await load('device.js');
  assert.equal(nameOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36'), 'Chrome · Linux');
  assert.equal(nameOf('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0'), 'Edge · Windows');
  assert.equal(nameOf('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1'), 'Safari · iPhone');
  assert.equal(nameOf('curl/8.0'), '');
});

test('A countdown tells every second once and ends with zero', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const { countdown } = await load('countdown.js');
    const told = [];
    countdown(2500, () => Date.now(), left => told.push(left));
    for (let passed = 0; passed < 10_000; passed += 100) mock.timers.tick(100);
    assert.deepEqual(told, [3, 2, 1, 0]);
  } finally {
    mock.timers.reset();
  }
});

test('A stopped countdown is silent', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const { countdown } = await load('countdown.js');
    const told = [];
    countdown(5000, () => Date.now(), left => told.push(left))();
    mock.timers.tick(10_000);
    assert.deepEqual(told, [5]);
  } finally {
    mock.timers.reset();
  }
});
