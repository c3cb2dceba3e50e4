/**
 * Passwords that guessers try first, in lower case and without the trailing digits and marks that people add:
 * `password-rule` strips those from a candidate before it looks here. A short list on purpose; it stops the first
 * hundred guesses an online attacker has, not an offline one.
 */
const words = `
password passwort passw pass passwd motdepasse contrasena wachtwoord parola haslo salasana senha geheim secret hemlig
admin administrator root superuser user guest test tester testing demo login logon signin signon access default
change changeme changeit letmein letmeout welcome willkommen bienvenue bienvenido hello hallo hola bonjour goodbye
computer internet network server system windows linux ubuntu apple google facebook twitter instagram youtube amazon
microsoft oracle cisco samsung android iphone nokia sony master mastercard visa bank banking money dollar euro cash
iloveyou loveyou ilovegod lovely love lover forever princess prince queen king angel angels sunshine sunflower flower
summer winter spring autumn herbst sommer january february march april june july august september october november
december monday tuesday wednesday thursday friday saturday sunday montag freitag football soccer baseball basketball
hockey tennis golf fussball arsenal chelsea liverpool barcelona madrid juventus bayern yankees cowboys steelers
monkey dragon tiger lion eagle falcon dolphin horse kitty puppy bear wolf panther shadow phantom ghost ninja samurai
pirate batman superman spiderman starwars startrek pokemon naruto matrix gandalf merlin hunter ranger killer
michael jordan jennifer jessica ashley daniel thomas andrew joshua matthew charlie robert william richard george
nicole michelle amanda samantha stephanie alexander maximilian sebastian maria anna peter martin ferrari porsche
mercedes mustang corvette harley yamaha honda toyota chocolate cookie cheese pepper banana orange coffee whiskey
freedom liberty trustno trustnoone whatever nothing nobody secure security safety private company office work
qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdf asdfgh asdfghjkl asdfjkl zxcvbn zxcvbnm yxcvbnm
123456 1234567 12345678 123456789 1234567890 12345 123123 123321 654321 111111 000000 112233 121212 159753 147258369
qazwsx qazwsxedc qweasd qweasdzxc wasd abc abcd abcdef xyz aaaaaa zzzzzz blink slipknot metallica nirvana
`

export const commonPasswords: ReadonlySet<string> = new Set(words.trim().split(/\s+/))
