package rawjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

var fuzzSeeds = []string{
	`{"a":[1,-2.5e+3,{"b":null}],"a":"\u00e9\ud83d\ude00\ud800x","c":true} `, `[1,]`, `{"a {"b":{}},`,
	`{"x{\"}":{"b":1},}`, "\"\x7f\u2028\"", `{"{":{"{":[{}]`, `-0`, `01`,
}

// encoding/json has the same grammar, and provides compact forms and the text
// of strings.
func FuzzParse(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Parse(text, 0)
		if want := json.Valid(text) && utf8.Valid(text); (err == nil) != want {
			t.Fatalf("%q: %v, want valid %v", text, err, want)
		}
		if err != nil {
			return
		}
		var want bytes.Buffer
		if err := json.Compact(&want, text); err != nil {
			t.Fatal(err)
		}
		if got := v.AppendCompact(nil); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("%q: compact %q", text, got)
		}
		switch v.Kind() {
		case String:
			var s string
			if err := json.Unmarshal(text, &s); err != nil || v.Text() != s {
				t.Fatalf("%q: %q, want %q", text, v.Text(), s)
			}
			again, err := Parse(AppendString(nil, s), 0)
			if err != nil || again.Text() != s {
				t.Fatalf("%q does not come back: %v", s, err)
			}
		case Array:
			var list []json.RawMessage
			if err := json.Unmarshal(text, &list); err != nil || len(v.Elements()) != len(list) {
				t.Fatalf("%q: %d elements", text, len(v.Elements()))
			}
		case Object:
			var object map[string]json.RawMessage
			if err := json.Unmarshal(text, &object); err != nil {
				t.Fatal(err)
			}
			for name, want := range object {
				if got, _ := v.Members().Get(name); !bytes.Equal(got.Raw(), want) {
					t.Fatalf("%q: %q is %q, want %q", text, name, got.Raw(), want)
				}
			}
		}
	})
}

// An object without raw control characters begins where a decoder succeeds.
func FuzzDrafts(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
			return
		}
		drafts := NewDrafts([]byte(text))
		for i := range len(text) {
			if text[i] != '{' {
				continue
			}
			decoder := json.NewDecoder(strings.NewReader(text[i:]))
			var raw json.RawMessage
			want := 0
			if decoder.Decode(&raw) == nil {
				want = i + int(decoder.InputOffset())
			}
			if got, _ := drafts.End(i); got != want {
				t.Fatalf("in %q at %d: %d, want %d", text, i, got, want)
			}
		}
	})
}
