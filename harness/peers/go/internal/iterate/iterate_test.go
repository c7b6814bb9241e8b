package iterate

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/ollama"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/wire"
)

// cutOff ends a reply that was cut off.
const cutOff = "<cut off>"

// script replies in turn, and fails when no reply is left.
type script struct {
	replies []string
	asked   [][]ollama.Message
	opts    ollama.Options
}

func (s *script) Chat(_ context.Context, _ string, messages []ollama.Message, opts ollama.Options) (ollama.Reply, error) {
	s.asked = append(s.asked, append([]ollama.Message(nil), messages...))
	s.opts = opts
	if len(s.asked) > len(s.replies) {
		return ollama.Reply{}, ollama.StatusError{Status: 404}
	}
	text := s.replies[len(s.asked)-1]
	return ollama.Reply{Text: text, CutOff: strings.HasSuffix(text, cutOff)}, nil
}

func workers(t *testing.T) *roster.Roster {
	t.Helper()
	r, err := roster.Parse([]byte(`{"worker_id":"w-1","name":"Ana Ruiz","city":"c","state":"s","phone":"p","email":"e","roles":[],"active":true}`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const request = `{"kind":"fill","prompt":"Fill it.","provider":"ollama","model":"m","max_iterations":2,"context":{ "count" : 1.0 },"temperature":0.50}`

var (
	stamp    = regexp.MustCompile(`"timestamp":"[^"]*"`)
	duration = regexp.MustCompile(`"duration_ms":\d+`)
)

func TestRespond(t *testing.T) {
	const good = `{ "fills": [{"worker_id":"w-1"}] }`
	const failed = `{"iteration":1,"verdict":"validation_failed","raw":"{\"fills\":[1]}","error":{"Schema":{"field":"fills[0]","reason":"must be an object"}}}`
	const noJSON = `{"iteration":1,"verdict":"no_json","raw":"no","error":null}`
	const record = `{"schema":"session.iterate.v1","session_id":"t-1","timestamp":"","daemon":"peer-go","kind":"fill","provider":"ollama","model":"m","prompt":"Fill it.",`
	for _, c := range []struct {
		replies []string
		status  int
		body    string
		line    string
	}{
		{[]string{`{"fills":[1]}`, good}, 200,
			`{"verdict":"accepted","trace_id":"t-1","kind":"fill","iterations":2,"artifact":{"fills":[{"worker_id":"w-1"}]},"findings":[],"attempts":[` + failed + `,{"iteration":2,"verdict":"accepted","raw":"{ \"fills\": [{\"worker_id\":\"w-1\"}] }","error":null}]}`,
			`"iterations":2,"max_iterations":2,"final_verdict":"accepted","attempts":[` + failed + `,{"iteration":2,"verdict":"accepted","raw":"{ \"fills\": [{\"worker_id\":\"w-1\"}] }","error":null}],"artifact":{"fills":[{"worker_id":"w-1"}]},"grounded_in_roster":true,"error":null,"duration_ms":0}`},
		{[]string{`no`, `no`}, 422,
			`{"verdict":"max_iter_exhausted","trace_id":"t-1","kind":"fill","iterations":2,"attempts":[` + noJSON + `,` + strings.Replace(noJSON, "1", "2", 1) + `]}`,
			`"iterations":2,"max_iterations":2,"final_verdict":"max_iter_exhausted","attempts":[` + noJSON + `,` + strings.Replace(noJSON, "1", "2", 1) + `],"artifact":null,"grounded_in_roster":null,"error":null,"duration_ms":0}`},
		{[]string{`no`}, 502,
			`{"verdict":"infra_error","trace_id":"t-1","kind":"fill","iterations":1,"error":"ollama: answered status 404","attempts":[` + noJSON + `]}`,
			`"iterations":1,"max_iterations":2,"final_verdict":"infra_error","attempts":[` + noJSON + `],"artifact":null,"grounded_in_roster":null,"error":"ollama: answered status 404","duration_ms":0}`},
	} {
		root := t.TempDir()
		chat := &script{replies: c.replies}
		s := Service{Chatter: chat, Root: root}
		status, body, err := s.Respond([]byte(request), "t-1", workers(t))
		if err != nil || status != c.status || string(body) != c.body {
			t.Errorf("%d, %v\n got %s\nwant %s", status, err, body, c.body)
		}
		log, err := os.ReadFile(filepath.Join(root, "sessions.jsonl"))
		got := stamp.ReplaceAllString(string(log), `"timestamp":""`)
		got = duration.ReplaceAllString(got, `"duration_ms":0`)
		if want := record + c.line + "\n"; err != nil || got != want {
			t.Errorf("the log, %v\n got %s\nwant %s", err, got, want)
		}
	}
}

func TestConversation(t *testing.T) {
	chat := &script{replies: []string{"no", `{"fills":[1]}`, `{"fills":[]}`}}
	s := Service{Chatter: chat, Root: t.TempDir()}
	body := strings.Replace(request, `"max_iterations":2`, `"max_iterations":4`, 1)
	if _, _, err := s.Respond([]byte(body), "t-1", workers(t)); err != nil {
		t.Fatal(err)
	}
	const again = ". Answer again with one corrected JSON object and nothing else."
	want := []ollama.Message{
		{Role: "system", Content: `You draft one JSON object for a staffing coordinator. Answer with that object alone, without prose and without a code fence. Its shape: {"fills":[{"worker_id":"w-1","name":"First Last"}]}`},
		{Role: "user", Content: "Fill it.\n\nContext: {\"count\":1.0}"},
		{Role: "assistant", Content: "no"},
		{Role: "user", Content: "Your answer was not accepted: no JSON object was found in it" + again},
		{Role: "assistant", Content: `{"fills":[1]}`},
		{Role: "user", Content: "Your answer was not accepted: `fills[0]` must be an object" + again},
		{Role: "assistant", Content: `{"fills":[]}`},
		{Role: "user", Content: "Your answer was not accepted: fills has 0, the context asks for 1" + again},
	}
	last := chat.asked[len(chat.asked)-1]
	if len(last) != len(want) {
		t.Fatalf("%d messages", len(last))
	}
	for i := range want {
		if last[i] != want[i] {
			t.Errorf("message %d is %q", i, last[i])
		}
	}
	if string(chat.opts.Temperature.Raw()) != "0.50" || chat.opts.MaxTokens != 0 {
		t.Errorf("options %+v", chat.opts)
	}
}

func TestRefusals(t *testing.T) {
	replace := func(old, with string) string { return strings.Replace(request, old, with, 1) }
	for body, want := range map[string]string{
		replace(`"prompt":"Fill it.",`, ``):         "missing field `prompt`",
		replace(`Fill it.`, `\u00a0`):               "field `prompt` must be a string that is not blank",
		replace(`"m"`, `""`):                        "field `model` must be a string that is not blank",
		replace(`"ollama"`, `null`):                 "field `provider` must be a string",
		replace(`:2`, `:11`):                        "field `max_iterations` must be an integer from 1 to 10",
		replace(`0.50`, `2.01`):                     "field `temperature` must be a number from 0 to 2",
		replace(`"temperature"`, `"max_tokens"`):    "field `max_tokens` must be an integer from 1 to 32768",
		replace(`"temperature"`, `"system"`):        "field `system` must be a string",
		replace(`{ "count" : 1.0 }`, `{"count":0}`): "field `context.count` must be an integer from 1 to 1000",
		replace(`{ "count" : 1.0 }`, `1`):           "field `context` must be an object",
		replace(`ollama`, `openai`):                 "unknown provider `openai`; configured: `ollama`",
		replace(`"kind"`, `"Kind"`):                 "unknown field `Kind`; expected one of `kind`, `prompt`, `context`, `provider`, `model`, `max_iterations`, `system`, `temperature`, `max_tokens`",
	} {
		s := Service{Chatter: &script{}, Root: t.TempDir()}
		if _, _, err := s.Respond([]byte(body), "t", workers(t)); err == nil || err.Error() != want {
			t.Errorf("%s: %v", body, err)
		}
	}
	s := Service{Root: t.TempDir()}
	if _, _, err := s.Respond([]byte(request), "t", workers(t)); err == nil || err.Error() != "unknown provider `ollama`; configured: none" {
		t.Error(err)
	}
}

func TestRecordCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s := Service{Chatter: &script{}, Root: file}
	_, _, err := s.Respond([]byte(request), "t", workers(t))
	if err == nil || wire.AsProblem(err).Status != 507 || err.Error() != "session record cannot be written" {
		t.Error(err)
	}
}

// judged returns the verdict on a reply, the artifact, and the reason that the
// model is given.
func judged(t *testing.T, reply string) (verdict, artifact, reason string) {
	t.Helper()
	chat := &script{replies: []string{reply, "no"}}
	s := Service{Chatter: chat, Root: t.TempDir()}
	body := strings.Replace(request, `"context":{ "count" : 1.0 },`, "", 1)
	_, answer, err := s.Respond([]byte(body), "t-1", workers(t))
	if err != nil {
		t.Fatal(err)
	}
	v, err := rawjson.Parse(answer, 0)
	if err != nil {
		t.Fatal(err)
	}
	attempts, _ := v.Members().Get("attempts")
	first, _ := attempts.Elements()[0].Members().Get("verdict")
	object, _ := v.Members().Get("artifact")
	if len(chat.asked) > 1 {
		reason = chat.asked[1][3].Content
		reason = strings.TrimPrefix(reason, "Your answer was not accepted: ")
		reason = strings.TrimSuffix(reason, ". Answer again with one corrected JSON object and nothing else.")
	}
	return first.Text(), string(object.Raw()), reason
}

func TestFirstObjectThatPasses(t *testing.T) {
	const want = `{"fills":[{"worker_id":"w-1"}]}`
	for _, reply := range []string{
		`<think>{"fills":[{"worker_id":"w-1","name":"Other"}]}</think>` + want,
		`{"fills":[{"worker_id":"w-9"}]} Wait, corrected: ` + want,
		want + ` Done. {"note":1}`,
		"```json {\"fills\":[]}``` no: " + want,
		`{"fills":[{"worker_id":"w-9"}],} ` + want,
		want + ` and so on` + cutOff,
	} {
		if verdict, artifact, _ := judged(t, reply); verdict != "accepted" || artifact != want {
			t.Errorf("%s: %s %s", reply, verdict, artifact)
		}
	}
	const withControls = "{\"fills\":[{\"worker_id\":\"w-1\",\"note\":\"a\nb\\n\t\"}]}"
	if _, artifact, _ := judged(t, withControls); artifact != `{"fills":[{"worker_id":"w-1","note":"a\nb\n\t"}]}` {
		t.Error(artifact)
	}
}

func TestReasons(t *testing.T) {
	const tooLong = "it was cut off at the length limit before it was complete, make it shorter"
	for _, c := range []struct{ reply, verdict, reason string }{
		{`{"fills":[{"worker_id":"w-1"}],}`, "no_json", "its JSON is not valid at line 1, column 31: trailing comma"},
		{"é:\n```json\n{\n \"é\": {“fills”:[]}}\n```", "no_json", `its JSON is not valid at line 4, column 8: typographic quotation mark, write "`},
		{"<think>é\n{\"a\":1,}</think>\n é {\"fills\":[{\"worker_id\":\"w-1\"},{\"wor", "no_json", "its JSON is not valid at line 3, column 39: the text ends before the object does"},
		{"```json\n{\"fills\":[]\n```", "no_json", "its JSON is not valid at line 3, column 1: the text ends before the object does"},
		{`{"a":1,} or {"fills": 'x'}`, "no_json", `its JSON is not valid at line 1, column 23: single quotation mark, write "`},
		{"{\"a\":1,} ```{\"a\" 1}``` {a:1}", "no_json", "its JSON is not valid at line 1, column 18: a colon is expected"},
		{`{"a":1 // one` + "\n}", "no_json", "its JSON is not valid at line 1, column 8: comment"},
		{`{a:1}`, "no_json", "its JSON is not valid at line 1, column 2: name without quotation marks"},
		{"{\u00a0}", "no_json", "no JSON object was found in it"},
		{"{\u00a0\"a\":1}", "no_json", "its JSON is not valid at line 1, column 2: a name in quotation marks is expected"},
		{`{"a":True}`, "no_json", "its JSON is not valid at line 1, column 6: a value is expected"},
		{`{"a":1 "b":2}`, "no_json", "its JSON is not valid at line 1, column 8: a comma is expected"},
		{`{"a":[1}`, "no_json", "its JSON is not valid at line 1, column 8: wrong closing bracket"},
		{`{"a":"say "hi""}`, "no_json", `its JSON is not valid at line 1, column 12: unescaped quotation mark in the string before it, write \"`},
		{`{"a":01}`, "no_json", "its JSON is not valid at line 1, column 7: a comma or a closing bracket is expected"},
		{`{"a":"\x"}`, "no_json", "its JSON is not valid at line 1, column 7: unknown escape"},
		{strings.Repeat(`{"a":[`, 65) + strings.Repeat("]}", 65), "no_json", "its JSON nests deeper than 128 levels"},
		{"<think>hm {\"fills\":[]}", "no_json", "it has no answer after its reasoning"},
		{"Sure!", "no_json", "no JSON object was found in it"},
		{`{"x":1} {"fills":1}`, "validation_failed", "`fills` must be an array"},
		{`{"fills":[{"worker_id":"w-1"},{"wor` + cutOff, "cut_off", tooLong},
		{`{"fills":1} ` + cutOff, "cut_off", tooLong},
	} {
		if verdict, _, reason := judged(t, c.reply); verdict != c.verdict || reason != c.reason {
			t.Errorf("%s: %s, %s", c.reply, verdict, reason)
		}
	}
}
