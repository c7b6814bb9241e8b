package rawjson

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		text string
		want error
	}{
		{`{}`, nil}, {` [ ] `, nil}, {`{"a":[1,{"b":null}],"c":true}`, nil}, {`"x"`, nil},
		{`-0.5e+10`, nil}, {`"\ud800"`, nil}, {"\"\u007f\"", nil}, {"1\r\n", nil},
		{``, ErrSyntax}, {` `, ErrSyntax}, {`{`, ErrSyntax}, {`[1,]`, ErrSyntax}, {`{"a":1,}`, ErrSyntax},
		{`{"a"}`, ErrSyntax}, {`{a:1}`, ErrSyntax}, {`[1 2]`, ErrSyntax}, {`[1}`, ErrSyntax}, {`01`, ErrSyntax},
		{`1.`, ErrSyntax}, {`.5`, ErrSyntax}, {`+1`, ErrSyntax}, {`-`, ErrSyntax}, {`1e`, ErrSyntax}, {`NaN`, ErrSyntax},
		{`tru`, ErrSyntax}, {`"a`, ErrSyntax}, {`"\x"`, ErrSyntax}, {`"\u12g4"`, ErrSyntax}, {"\"\t\"", ErrSyntax},
		{"\ufeff{}", ErrSyntax}, {"\"\xff\"", ErrSyntax}, {"\"\xed\xa0\x80\"", ErrSyntax}, {`{} {}`, ErrSyntax},
		{"[\f]", ErrSyntax}, {`[`, ErrSyntax}, {`[,1]`, ErrSyntax}, {`"\u12"`, ErrSyntax}, {`"\`, ErrSyntax},
		{nested(128), nil}, {nested(129), ErrDepth}, {nested(129) + "x", ErrSyntax},
		{nested(1 << 20), ErrDepth}, {strings.Repeat("[", 1<<20), ErrSyntax},
	} {
		if _, err := Parse([]byte(c.text), 128); !errors.Is(err, c.want) {
			t.Errorf("Parse(%.40q) = %v, want %v", c.text, err, c.want)
		}
	}
}

func TestMembers(t *testing.T) {
	v, err := Parse([]byte(` { "A" : 1 , "a":[ 1, "]" ,{}],"\u0041":  {"x" : "}" }, "b":[] } `), 128)
	if err != nil {
		t.Fatal(err)
	}
	m := v.Members()
	if len(m) != 4 {
		t.Fatalf("%d members, want 4", len(m))
	}
	if got, _ := m.Get("A"); string(got.AppendCompact(nil)) != `{"x":"}"}` {
		t.Errorf("the last A is %s", got.Raw())
	}
	if got, _ := m.Get("a"); len(got.Elements()) != 3 || got.Depth() != 2 {
		t.Errorf("a has %d elements and depth %d", len(got.Elements()), got.Depth())
	}
	if _, ok := m.Get("B"); ok {
		t.Error("B is found despite its case")
	}
	want := `{"A":1,"a":[1,"]",{}],"\u0041":{"x":"}"},"b":[]}`
	if got := string(v.AppendCompact(nil)); got != want {
		t.Errorf("compact %s, want %s", got, want)
	}
}

func TestText(t *testing.T) {
	for raw, want := range map[string]string{
		`"a\n\/\"\\\t\b\f\r"`:   "a\n/\"\\\t\b\f\r",
		`"\u00e9\uD83D\uDE00"`:  "é😀",
		`"\ud800"`:              "\ufffd",
		`"\ud800\ud800\udc00x"`: "\ufffd\U00010000x",
		`"\udc00\u0041"`:        "\ufffdA",
		`"\ud800\n\u2028"`:      "\ufffd\n\u2028",
	} {
		v, err := Parse([]byte(raw), 1)
		if err != nil {
			t.Fatal(raw, err)
		}
		if got := v.Text(); got != want {
			t.Errorf("%s is %q, want %q", raw, got, want)
		}
	}
}

func TestAppendString(t *testing.T) {
	in := "\"\\\b\t\n\f\r\x00\x1f/<>&\x7f\u2028\u2029é😀\xff."
	want := `"\"\\\b\t\n\f\r\u0000\u001f/<>&` + "\x7f\u2028\u2029é😀\ufffd.\""
	if got := string(AppendString(nil, in)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInteger(t *testing.T) {
	for raw, want := range map[string]int64{
		`2`: 2, `2.0`: 2, `2e0`: 2, `20e-1`: 2, `0.2E+1`: 2, `-0`: 0, `-0.0`: 0, `0e99999999999999999999`: 0,
		`9007199254740991`: MaxInteger, `-9007199254740991`: -MaxInteger, `9.007199254740991e15`: MaxInteger,
		`1e15`: 1e15, `100`: 100, `-12.50e1`: -125,
		`0.` + strings.Repeat("0", 400) + `1e401`: 1,
	} {
		v, _ := Parse([]byte(raw), 1)
		if got, ok := v.Integer(); !ok || got != want {
			t.Errorf("%s is %d, %v, want %d", raw, got, ok, want)
		}
	}
	for _, raw := range []string{
		`2.5`, `9007199254740992`, `-9007199254740992`, `9007199254740990.5`, `1e400`, `1e-400`, `1e16`,
		`1e99999999999999999999`, `1e-99999999999999999999`, `"2"`, `null`, `2.0000000000000000000001`,
	} {
		v, _ := Parse([]byte(raw), 1)
		if got, ok := v.Integer(); ok {
			t.Errorf("%s is the integer %d", raw, got)
		}
	}
}

func TestBetween(t *testing.T) {
	for raw, want := range map[string]bool{
		`0`: true, `-0.0`: true, `1`: true, `0.999`: true, `1e-400`: true, `2`: true, `20e-1`: true, `1.99999999999999999999`: true,
		`2.00000000000000000001`: false, `-1e-400`: false, `3`: false, `10`: false, `1e400`: false, `"1"`: false,
	} {
		v, _ := Parse([]byte(raw), 1)
		if got := v.Between(2); got != want {
			t.Errorf("%s between 0 and 2: %v", raw, got)
		}
	}
}

func TestDraft(t *testing.T) {
	for _, c := range []struct {
		text string
		end  int
		want Want
	}{
		{"{\"a\":\"\n\t\x00\"} x", 11, 0},
		{`{"a":1`, -6, WantNext},
		{`{"a":tru`, -8, WantValue},
		{`{"a":trux`, -5, WantValue},
		{`{"a":1.`, -7, WantValue},
		{`{"a":1.x`, -5, WantValue},
		{`{"a":01}`, -6, WantNext},
		{`{"a":[1}`, -7, WantNext},
		{`{"a":[1,]}`, -8, WantValue},
		{`{"a":1,}`, -7, WantName},
		{`{'a':1}`, -1, WantName},
		{`{"a" 1}`, -5, WantColon},
		{`{"a":"b`, -7, WantCharacter},
		{`{"a":"b\`, -8, WantEscape},
		{`{"a":"b\u12`, -11, WantEscape},
		{`{"a":"b\u12x`, -7, WantEscape},
		{`{"a":"b\x"}`, -7, WantEscape},
		{"{\"a\":\"b\\\n\"}", -7, WantEscape},
	} {
		source, _, fault, ok := Draft([]byte(c.text), 0)
		if ok && len(source) != c.end || !ok && (-fault.At != c.end || fault.Want != c.want) {
			t.Errorf("%q: %v, %q, %+v", c.text, ok, source, fault)
		}
	}
	deep := strings.Repeat(`{"a":[`, 100) + strings.Repeat("]}", 100)
	if _, depth, _, ok := Draft([]byte("x"+deep), 1); !ok || depth != 200 {
		t.Errorf("depth %d, %v", depth, ok)
	}
}

// In these texts every brace begins an object that never ends.
func TestDraftsAreLinear(t *testing.T) {
	start := processorTime(t)
	for _, piece := range []string{`{"a":`, `{"{":`, `{"a":[{},`, `{"{\"`} {
		text := []byte(strings.Repeat(piece, 1<<17))
		drafts := NewDrafts(text)
		for i, c := range text {
			if c != '{' {
				continue
			}
			if end, ok := drafts.End(i); ok && string(text[i:end]) != "{}" {
				t.Fatalf("an object in %q repeated", piece)
			}
		}
	}
	if took := processorTime(t) - start; took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

// processorTime is the time that this process has computed, which does not
// grow while a busy machine runs other processes.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
