package sessionlog

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/rawjson"
)

const input = ` { "kind":"fill", "session_id":"s-1","provider":"ollama","model":"m","prompt":"a<\u0062>\u2028\ud800",
"iterations":2.0,"max_iterations":3e0,"final_verdict":"accepted","artifact":{ "a" : 1.0, "a" : "\u0062 " },
"attempts":[{"raw":"x","iteration":1,"verdict":"validation_failed","error":{"Kind":"schema","Field":"f","Reason":"r"}},
{"raw":"y","iteration":2,"verdict":"accepted","error":null}],"grounded_in_roster":true,"error":null,"duration_ms":-0 } `

const output = `{"schema":"session.iterate.v1","session_id":"s-1","timestamp":"T","daemon":"peer-go","kind":"fill",` +
	`"provider":"ollama","model":"m","prompt":"a<b>` + "\u2028\ufffd" + `","iterations":2,"max_iterations":3,"final_verdict":"accepted",` +
	`"attempts":[{"iteration":1,"verdict":"validation_failed","raw":"x","error":{"Schema":{"field":"f","reason":"r"}}},` +
	`{"iteration":2,"verdict":"accepted","raw":"y","error":null}],"artifact":{"a":1.0,"a":"\u0062 "},` +
	`"grounded_in_roster":true,"error":null,"duration_ms":0}`

var timestamp = regexp.MustCompile(`"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`)

func TestLine(t *testing.T) {
	root := filepath.Join(t.TempDir(), "new")
	for range 2 {
		answer := Line([]byte(input), nil, root)
		if got := timestamp.ReplaceAllString(string(answer), `"timestamp":"T"`); got != output {
			t.Errorf("got %s\nwant %s", got, output)
		}
	}
	Line([]byte(`{}`), nil, root)
	log, err := os.ReadFile(filepath.Join(root, "sessions.jsonl"))
	if got := timestamp.ReplaceAllString(string(log), `"timestamp":"T"`); err != nil || got != output+"\n"+output+"\n" {
		t.Errorf("the log is %s, %v", got, err)
	}
}

func TestLineErrors(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{input, ``, "input line is not valid JSON"},
		{`"a" : 1.0`, `"a":` + strings.Repeat("[", 127) + strings.Repeat("]", 127), "input nests deeper than 128 levels"},
		{input, `[]`, "input must be a JSON object"},
		{`"kind"`, `"Kind"`, "unknown field `Kind`"},
		{`{ "kind"`, `{"daemon":"x","kind"`, "unknown field `daemon`"},
		{`"kind":"fill", `, ``, "missing field `kind`"},
		{`"s-1"`, `null`, "field `session_id` must be a string"},
		{`"fill"`, `"Fill"`, "field `kind` must be one of `fill`, `email`, `sms`, `playbook`"},
		{`2.0`, `2.5`, "field `iterations` must be an integer of at least 0"},
		{`3e0`, `0`, "field `max_iterations` must be an integer of at least 1"},
		{`"final_verdict":"accepted"`, `"final_verdict":"no_json"`, "field `final_verdict` must be one of `accepted`, `max_iter_exhausted`, `infra_error`"},
		{`"raw":"y",`, ``, "field `attempts` must be an array of attempts"},
		{`"raw":"y"`, `"raw":"y","x":1`, "field `attempts` must be an array of attempts"},
		{`"iteration":1`, `"iteration":0`, "field `attempts` must be an array of attempts"},
		{`"Kind":"schema"`, `"Kind":"other"`, "field `attempts` must be an array of attempts"},
		{`"artifact":{`, `"artifact":[],"artifact":1,"error":{`, "field `artifact` must be an object or null"},
		{`true`, `"true"`, "field `grounded_in_roster` must be a boolean or null"},
		{`"error":null,"duration_ms"`, `"error":1,"duration_ms"`, "field `error` must be a string or null"},
		{`-0`, `-1`, "field `duration_ms` must be an integer of at least 0"},
	} {
		line := strings.Replace(input, c.old, c.new, 1)
		want := `{"error":"` + c.want + `"}`
		if got := string(Line([]byte(line), nil, "")); got != want {
			t.Errorf("%s for %s: %s", c.new, c.old, got)
		}
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"Need RN for patient SSN 219-09-9998": "Need RN for patient SSN ***-**-****",
		"219-09-9998 and 219-09-9997":         "***-**-**** and ***-**-****",
		"é 219 09 9998 é":                     "é *** ** **** é",
		"２１９-09-9998":                         "***-**-****",
		"078-05-\n1121":                       "***-**-\n****",
		`078-05-\n1121`:                       `***-**-\n****`,
		`{\"a\":\"219\u002d09\u002d9998\"}`:   `{\"a\":\"***\u002d**\u002d****\"}`,
		`\u0032\u0031\u0039-09-9998`:          "***-**-****",
		`\ud835\udfd019-09-9998`:              "***-**-****",
		`\ud835 219-09-9998 \x \`:             `\ud835 ***-**-**** \x \`,
		`{"ssn":"219099998"}`:                 `{"ssn":"*********"}`,
		"call 313-555-0101":                   "call 313-555-0101",
	} {
		if got := maskText(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	for object, want := range map[string]string{
		`{"body":"SSN 219-09-9998","n":1.0}`:             `{"body":"SSN ***-**-****","n":1.0}`,
		`{"ssn":"219099998"}`:                            `{"ssn":"*********"}`,
		`{"ssn":219099998,"x":[1]}`:                      `{"ssn":"*********","x":[1]}`,
		`{"ssn":["219099998",{"n":"219099998"}]}`:        `{"ssn":["*********",{"n":"219099998"}]}`,
		`{"a":{"ssn":1},"n":219099998}`:                  `{"a":{"ssn":1},"n":219099998}`,
		`{"219-09-9998":{}}`:                             `{"***-**-****":{}}`,
		`{"a":"219\u002d09-9998","b":"\\\"219-09-9998"}`: `{"a":"***\u002d**-****","b":"\\\"***-**-****"}`,
		`{"a":[219,9,9998],"b":"219","c":"-09-9998"}`:    `{"a":[219,9,9998],"b":"219","c":"-09-9998"}`,
		`{"order":219099998}`:                            `{"order":219099998}`,
	} {
		v, err := rawjson.Parse([]byte(object), 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(appendMasked(nil, v)); got != want {
			t.Errorf("%s: %s", object, got)
		}
	}
}
