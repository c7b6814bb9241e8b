package validate

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestReadings(t *testing.T) {
	for s, want := range map[string]string{
		"a": "a", "a&nbsp;b": "a&nbsp;b|a b", "<p>a</p><b>b</b>": "<p>a</p><b>b</b>| a b",
		"&lt;b&gt;x": "&lt;b&gt;x|<b>x|x", "&#65;&#x42;&#X43&eacute;&AElig;": "&#65;&#x42;&#X43&eacute;&AElig;|ABCeae",
		"&#0;&#xD800;&foo;&": "&#0;&#xD800;&foo;&", "%41%C3%A9%C3": "%41%C3%A9%C3", "%41 %C3%A9 %zz": "%41 %C3%A9 %zz|A é %zz",
		"a<!--x-->b<!--c": "a<!--x-->b<!--c|ab", "a < b <1> </x": "a < b <1> </x", "&amp;amp;": "&amp;amp;|&amp;|&", "%2525252541": "%2525252541|%25252541|%252541|%2541|%41", "&#00000065;%E9%20": "&#00000065;%E9%20|A%E9%20",
		"&lt;b&gt;&amp;lt;i&amp;gt;": "&lt;b&gt;&amp;lt;i&amp;gt;|<b>&lt;i&gt;|<b><i>|&lt;i&gt;|",
	} {
		if got := strings.Join(readings(s), "|"); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestPlaceholder(t *testing.T) {
	for s, want := range map[string]string{
		"{{name}}": "{{name}}", "{{{name}}}": "{{name}}", "{{}}": "{{}}", "{{a\nb}}": "{{a\nb}}", "{a b_1}": "{a b_1}", "{1}": "{1}", "{123}": "",
		"[Name] <y>": "[Name]", "<y>": "<y>", "<y": "", "[YES] [x]": "", "[name](https://a.b)": "", "[name][1]": "", "<p>": "", "<time>": "<time>", "<time>6</time>": "",
		"TODO": "TODO", "xTODO TBD,": "TBD", "TODO EL DIA, POR TODO A TODO": "TODO", "DE TODO": "", "todo": "", "a\n todo: x": "todo:",
		"Hi undefined": "undefined", "is null and void": "", "is null.": "null", "None of you": "", "Dear None,": "None", "x: null": "null", "at undefined h": "undefined",
		"____": "", "a ____": "____", "a___b": "", "a ___ b": "___", "XXX-XXX-XXXX": "XXX-XXX-XXXX", "xx xx": "", "XXX-XX-1234": "", "XXX 1234": "", "XXX-XX-12345": "XXX-XX", "XXX-1": "XXX", "XXXL": "", "#NAME#": "#NAME#",
		"Hi ,": " ,", "phi ,": "", "Hi first_name!": "first_name", "[«Año»]": "", "«FirstName»": "«FirstName»", "«gracias»": "", "100%off 50%": "", "%FNAME%": "%FNAME%",
		"<style>{a}</style>{b}": "{b}", "&lt;name&gt;": "<name>", "｛ｎａｍｅ｝": "｛ｎａｍｅ｝", "[x](URL)": "](URL)", "INSERT DATE HERE": "INSERT DATE HERE", "Your Name": "Your Name", "Your name is": "",
		"%257Bname%257D": "{name}", "{SAVE10} <FALL2026> {LINE1}": "{LINE1}", "<Enter> {Tab} <F12> <Ctrl-C> press <Shift>, <Alt>+<End> <F13>": "<F13>", "see <End>": "<End>",
		"[Address] 4100 x\n - [End]: 2p | [Phone] (419) 555-0170": "", "[Name] 419-555-0170": "[Name]", "[Date] 6:00": "[Date]",
		"Date ____ Signature: ..... X ____": "", "Firme aquí: ____, Sign by ____": "____", "size XXX, L/XL/XXX, XXX and XXXI, XXX-XXX": "XXX-XXX", "I, XXX": "XXX",
	} {
		if got := placeholder(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestLeaks(t *testing.T) {
	workers := testRoster(t)
	for s, want := range map[string]string{
		"x bo@example.com": "w-2", "bo+x@example.com.": "w-2", "mailto:BO@example.com?x": "w-2", "x-bo@example.com": "", "xbo@example.com": "", "bo@example.community": "",
		"bo (at) example dot com": "w-2", "_bo@example.com_": "w-2", "bo@\nexample.com": "w-2", "bo&#64;example.com": "w-2", "ana@example.com": "",
		"(313) 555/0102": "w-2", "+1 (0) 313 555 0102": "w-2", "31 35 55 01 02": "w-2", "313x5550102": "", "0013135550102": "w-2", "01113135550102": "w-2", "3135550102 419": "w-2", "93135550102": "",
		"w-2.": "w-2", "a_w-2_b": "w-2", "-w-2-": "w-2", "w-22": "", "xw-2": "", "w-1": "", "W–２": "w-2",
		"BO LEE CHAN": "w-2", "Chan, Bo Lee": "w-2", "bo lee": "w-3", "Lee,Bo": "w-3", "Bo M. Lee": "w-3", "Bo y Lee": "", "Bo-Lee’s": "w-3", "Bo. Lee": "", "bo/lee": "w-3", "BoLee": "", "Ana Ruiz": "", "<b>Bo</b>&nbsp;Lee": "w-3",
		"Bo Élise Lee": "w-3", "Bo Élise-Łucja Lee": "w-3", "BO ELISE LEE": "", "@boleechan": "w-2", "x@boleechan": "", "@bolee": "",
	} {
		c := checker{roster: workers}
		c.leaks("body", s, workers.Worker("w-1"))
		got := ""
		if len(c.Failures) > 0 {
			got = strings.Split(c.Failures[0].Reason, "`")[1]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestSSNPlaces(t *testing.T) {
	for s, want := range map[string]string{
		"123-45-6789": "0-11", "a 123 - 45 - 6789 1985": "2-17", "123-45-6789123-45-6789": "0-11 11-22", "1123-45-6789": "", "123-45-67890": "", "123-45/6789": "", "123/45/6789": "0-11", "123,45,6789": "0-11", "123,45.6789": "",
		"+123-45-6789": "", "+44 123 45 6789": "", "+1 123 45 6789": "3-14", "0044 123 45 6789": "", "123-45-\x016789": "0-12",
		"ssn 987654321": "4-13", "ssna 987654321": "", "987654321 (ssn)": "0-9", "ss 987654321": "3-12", "social 987 654 321": "7-18", "social media 987654321": "", "seguro: 98-7654321": "8-18", "tax id 98-7654321": "", "tax id 987654321": "7-16", "tin 98 7654321": "4-14",
		"ssn, order no. 987654321": "", "ssn border 987654321": "11-20", "ssn 987654321876543210": "4-13 13-22", "ssn +987654321": "", "ssn 9876543210": "", "ssn 555-0199-12": "4-15", "ssn 555-0199 12": "",
		"ssn 05/04/2026 1": "", "ssn 1:30 987654321": "9-18", "ssn oh 43604-1517": "", "ssn me 43604-1517": "7-17", "ssn $987,654,321": "",
		"ssn one two three four five six seven eight nine": "4-48", "ssn dos diecinueve 09 noventa y nueve noventa y ocho": "4-52", "ssn one hundred and 200 3000": "", "ssn one two three four five six seven eight": "",
		"ssn l23-4s-6789": "4-15", "ssn 2l9-09-1998": "4-15", "ssn 219-oo-9998": "4-15", "ssn sos-bo-9998": "", "ssn, order no. b12345678": "", "one two three four five six seven eight nine": "",
		"987654321": "", "x078051120": "1-10", "0780511201": "", "ssn" + strings.Repeat(".", 37) + "987654321": "40-49", "ssn" + strings.Repeat(".", 38) + "987654321": "",
	} {
		var got []string
		for _, r := range ssnPlaces(s) {
			got = append(got, strconv.Itoa(r.start)+"-"+strconv.Itoa(r.end))
		}
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%q: %q, want %q", s, joined, want)
		}
	}
}

// hostile has units of all that the rules look for.
var hostile = []string{
	"{", "{{", "{{a", "{%", "{#", "<%", "<?a", "${", "{ ", "[[", "[[a", "[%", "[a", "<a", "<time>", "*|a", "«", "<<",
	"%%a", "%a%", "%(", "$a", "$(", "#a", "::a", "@@a", "__A", "~a", "(a", " ", " ,", "a", "a_", "hi a_", "Aa",
	"hi NAME", "[object a", "null ", ": null", "_", "_ ", "a_a_", "___ ", ": ", ": .", "date ___ ", "$XX", "X", "XX ",
	"XX-", "(XX)", "XXX-", "XXX, ", "#", "##.", "mm/", "TODO ", "todo:", "INSERT ", "INSERT A ", "YOUR_A", "A_", "A_A_",
	"](", "](a", "](  ", "Your name ", "<style>", "<style></style", "<script", "</time", "<!--", "&", "&a", "%25", "%FF",
	"&#", "1", "1 ", "1-", "12 ", "123-45-6789", "+1", "+1 ", "$1,111", "1:11", "ssn ", "s.", "social ", "one ", "one and ",
	"ninety ", "O1", "o ", "order ", "@", "a@", "!a@b.", ".a@a.", " at ", " dot ", "(at)", "(0)", "a-", "-", "_-", "a'", "'",
	"Ana ", "A. ", "Ana,", "@anamaria", "/", "王", "é", "😀",
}

func TestHostileTextsTakeLittleTime(t *testing.T) {
	workers := testRoster(t)
	for _, unit := range hostile {
		for _, end := range []string{"x", "_HEREx\nsignature ___"} {
			s := "ssn ]( { [object " + strings.Repeat(unit, 10000/len(unit)) + end
			c := checker{roster: workers}
			began := processorTime(t)
			placeholder(s)
			c.leaks("body", s, workers.Worker("w-1"))
			c.noSSN("body", s)
			// The time of the processor, so that a busy machine does not fail the test.
			if took := processorTime(t) - began; took > 500*time.Millisecond {
				t.Errorf("%q: %v", unit, took)
			}
		}
	}
}

func processorTime(t *testing.T) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano())
}

func TestClients(t *testing.T) {
	for _, c := range []struct{ excluded, asked, want string }{
		{"Beacon Freight", "The BEACON-Freight, Inc.™", "same"}, {"Smith & Sons", "smith and sons co. llc", "same"}, {"LLC", "llc", "same"}, {"!", " !", "same"}, {"!", "x", ""},
		{"A.B.C. Packaging GmbH & Co. KG", "ABC Packaging", "same"}, {"Beacon Freight", "Beacon Freight - Detroit", "taken"}, {"Beacon Freight", "Becon Frieght", "taken"}, {"Acme", "Acne", ""}, {"Acme1", "Acne1", "taken"},
		{"Beacon Freight", "Beacon", "near"}, {"Beacon", "Great Beacon Freight", "near"}, {"Beacon Freight", "Harbor Freight", ""},
	} {
		excluded, asked := newClient(c.excluded), newClient(c.asked)
		got := ""
		switch {
		case excluded.same(asked):
			got = "same"
		case excluded.takenFor(asked):
			got = "taken"
		case excluded.near(asked):
			got = "near"
		}
		if got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.excluded, c.asked, got, c.want)
		}
	}
}
