package contact

import "testing"

func TestIsEmail(t *testing.T) {
	for s, want := range map[string]bool{
		"ana@example.com": true, `"(<@a-.b`: true, "a@b.c.d-": true,
		"": false, "ana": false, "@a.b": false, "a@b": false, "a@b..c": false, "a@.b": false, "a@b.": false,
		"a@b@c.d": false, "a b@c.d": false, "a@b_c.d": false, "é@b.c": false, "a@b.c\x7f": false,
	} {
		if got := IsEmail(s); got != want {
			t.Errorf("IsEmail(%q) = %v", s, got)
		}
	}
}

func TestPhone(t *testing.T) {
	for s, want := range map[string]string{
		"(419) 555-0100": "4195550100", "+1 419.555.0100": "4195550100", "14195550100": "4195550100",
		"24195550100": "24195550100", "(+49) 30 123456789": "4930123456789", "123456789012345": "123456789012345",
		"419555010": "", "1234567890123456": "", "++4195550100": "", "419/555/0100": "", "٤195550100": "4195550100", "419\u2013555\u00a00100": "4195550100", "419\t5550100": "",
	} {
		got, ok := Phone(s)
		if got != want || ok != (want != "") {
			t.Errorf("Phone(%q) = %q, %v, want %q", s, got, ok, want)
		}
	}
}

func TestMailbox(t *testing.T) {
	for s, want := range map[string]string{"ana@b.co": "ana@b.co", "ana+x+y@b.co": "ana@b.co", "+ana@b.co": "+ana@b.co", "+a+b@c.de": "+a@c.de"} {
		if got := Mailbox(s); got != want {
			t.Errorf("Mailbox(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for s, want := range map[string]string{
		"4195550100": "4195550100", "14195550100": "4195550100", "0014195550100": "4195550100", "01114195550100": "4195550100",
		"00442079460018": "442079460018", "0119460018": "0119460018",
	} {
		if got := Number(s); got != want {
			t.Errorf("Number(%q) = %q, want %q", s, got, want)
		}
	}
}
