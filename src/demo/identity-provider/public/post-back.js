// Sends the answer on by itself, once; without JavaScript the person presses "Fortsæt".
const form = document.getElementById('answer');
form.requestSubmit();
form.querySelector('button').disabled = true;
