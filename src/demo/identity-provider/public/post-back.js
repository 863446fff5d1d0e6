// Sends the answer on by itself; without JavaScript the person presses "Fortsæt".
document.getElementById('answer').requestSubmit();
