package validate

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roster"
)

func testRoster(t *testing.T) *roster.Roster {
	t.Helper()
	r, err := roster.Parse([]byte(`
{"worker_id":"w-1","name":"Ana Ruiz","city":"Toledo","state":"OH","phone":"(419) 555-0101","email":"ana@example.com","roles":["Picker","Packer"],"active":true,"excluded_clients":["Beacon Freight"],"bookings":[{"date":"2026-05-04","start":"06:00","end":"14:00"},{"date":"2026-05-04","start":"16:00","end":"20:00"},{"date":"2026-05-03","start":"22:00","end":"06:30"}]}
{"worker_id":"w-2","name":"Bo Lee Chan","city":"Detroit","state":"MI","phone":"+1 313 555 0102","email":"bo@example.com","roles":[],"active":false}
{"worker_id":"w-3","name":"Bo Lee","city":"Detroit","state":"MI","phone":"313.555.0103","email":"shared@example.com","roles":[],"active":true}
{"worker_id":"w-4","name":"Cy","city":"Detroit","state":"MI","phone":"none","email":"shared@example.com","roles":[],"active":true}
`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var elapsed = regexp.MustCompile(`"elapsed_ms":[0-9.]+`)

type checkCase struct{ kind, artifact, context, want string }

// runCases checks the cases with all=true. The expected value is the failures'
// texts or the findings' messages, joined by `; `.
func runCases(t *testing.T, cases []checkCase) {
	t.Helper()
	workers := testRoster(t)
	for _, c := range cases {
		body := fmt.Sprintf(`{"kind":%q,"artifact":%s,"context":%s}`, c.kind, c.artifact, c.context)
		req, err := ReadRequest([]byte(body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		result := Check(req, workers)
		var got []string
		for _, f := range result.Failures {
			got = append(got, string(f.Stage[:3])+" "+f.String())
		}
		for _, f := range result.Findings {
			got = append(got, f.Severity+" "+f.Message)
		}
		if joined := strings.Join(got, "; "); joined != c.want {
			t.Errorf("%s:\n got %s\nwant %s", body, joined, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	one := `{"fills":[{"worker_id":"w-1"}]}`
	runCases(t, []checkCase{
		{"fill", `null`, `null`, "Sch `artifact` must be an object"},
		{"fill", `{}`, `null`, "Sch `fills` is missing"},
		{"fill", `{"fills":null}`, `null`, "Sch `fills` must be an array"},
		{"fill", `{"fills":[1,{},{"worker_id":"","name":1},{"worker_id":null}]}`, `{"count":9}`,
			"Sch `fills[0]` must be an object; Sch `fills[1].worker_id` is missing; Sch `fills[2].worker_id` must be a string that is not empty; Sch `fills[2].name` must be a string; Sch `fills[3].worker_id` must be a string that is not empty"},
		{"fill", `{"fills":[]}`, `{}`, "Com fills is empty"},
		{"fill", `{"fills":[]}`, `{"count":1}`, "Com fills has 0, the context asks for 1"},
		{"fill", one, `{"count":2.0}`, "Com fills has 1, the context asks for 2"},
		{"fill", `{"fills":[{"worker_id":"w-9"},{"worker_id":"w-2","name":"x"},{"worker_id":"w-9"},{"worker_id":"w-9"},{"worker_id":"W-1"}]}`, `{"role":"r","city":"TOLEDO","state":"OH"}`,
			"Con worker `w-9` is named more than once; Con worker `w-9` is not in the roster; Con worker `W-1` is not in the roster; Con worker `w-2` is called `Bo Lee Chan`, not `x`; Con worker `w-2` is not active; Con worker `w-2` does not work as `r`; Con worker `w-2` is in city `Detroit`, not `TOLEDO`; Con worker `w-2` is in state `MI`, not `OH`"},
		{"fill", `{"fills":[{"worker_id":"w-1","name":"ana ruiz"}]}`, `{"role":"PICKER","client":"beacon freight"}`, "Pol worker `w-1` is excluded for client `beacon freight`"},
		{"fill", one, `{"date":"2026-05-04","start":"05:00","end":"16:30"}`,
			"Pol worker `w-1` is booked on 2026-05-04 from 06:00 to 14:00; Pol worker `w-1` is booked on 2026-05-04 from 16:00 to 20:00; Pol worker `w-1` is booked on 2026-05-03 from 22:00 to 06:30"},
		{"fill", one, `{"date":"2026-05-04","start":"14:00","end":"16:00"}`,
			"warning worker `w-1` is also booked on 2026-05-04 from 06:00 to 14:00; warning worker `w-1` is also booked on 2026-05-04 from 16:00 to 20:00; warning worker `w-1` is also booked on 2026-05-03 from 22:00 to 06:30"},
		{"fill", one, `{"date":"2026-05-05","start":"03:59","end":"05:00"}`, "warning worker `w-1` is also booked on 2026-05-04 from 16:00 to 20:00"},
		{"fill", one, `{"date":"2026-05-05","start":"04:00","end":"05:00"}`, ""},
		{"fill", one, `{"date":"2026-05-03"}`, "warning bookings are not checked: the context has no start and no end; warning worker `w-1` is also booked on 2026-05-03 from 22:00 to 06:30"},
		{"fill", one, `{"date":"2026-05-05"}`, "warning bookings are not checked: the context has no start and no end"},
		{"fill", one, `{"date":"2026-05-04","start":"07:00"}`, "warning bookings are not checked: the context has no end"},
		{"fill", one, `{"end":"07:00"}`, "warning bookings are not checked: the context has no date and no start"},
		{"fill", `{"fills":[{"worker_id":"w-1","name":"ANA  Ruíz.","note":1}],"cc":1,"x":null,"cc":2}`, `{"city":"toledo "}`,
			"warning not checked: no rule knows this member; warning not checked: no rule knows this member"},
		{"fill", one, `{"client":"Becon Freight"}`, "Pol worker `w-1` is excluded for client `Beacon Freight`, which is taken for `Becon Freight`"},
		{"fill", one, `{"client":"Beacon"}`, "warning worker `w-1` is excluded for client `Beacon Freight`, which is near `Beacon`"},
		{"fill", one, `null`, ""},
	})
}

func TestMessages(t *testing.T) {
	mail := func(subject, body string) string {
		return fmt.Sprintf(`{"to":"ANA@example.com","subject":%s,"body":%s,"worker_id":"w-1"}`,
			rawjson.AppendString(nil, subject), rawjson.AppendString(nil, body))
	}
	sms := func(body string) string {
		return fmt.Sprintf(`{"to":"+1 419-555-0101","body":%s}`, rawjson.AppendString(nil, body))
	}
	const w1 = `{"worker_id":"w-1"}`
	runCases(t, []checkCase{
		{"email", `[]`, `{}`, "Sch `artifact` must be an object"},
		{"email", `{"to":"x","body":null,"worker_id":1}`, `{}`, "Sch `subject` is missing; Sch `body` must be a string; Sch `worker_id` must be a string that is not empty; Sch `to` must be an email address"},
		{"sms", `{"to":"ana@example.com","body":""}`, `{}`, "Sch `to` must be a phone number"},
		{"email", mail("", " \u00a0"), `{}`, "Com subject is empty; Com body is empty"},
		{"email", mail(strings.Repeat("é", 201), strings.Repeat("x", 10001)), `{}`, "Com subject has 201 characters, at most 200 are allowed; Com body has 10001 characters, at most 10000 are allowed"},
		{"email", mail("Hi {{name}}", "x [role] {x}"), `{}`, "Com subject has a placeholder left: `{{name}}`; Com body has a placeholder left: `[role]`"},
		{"email", mail("a", "b"), `{"worker_id":"w-2"}`, "Con the artifact names worker `w-1`, the context `w-2`"},
		{"email", mail("a", "b"), `{}`, ""},
		{"email", mail("Bo, bo@example.com!?'.", "or w-2, 1(313)555-0102, bo lee CHAN"), `{}`,
			"Pol subject has the email address of worker `w-2`; Pol body has the phone number of worker `w-2`; Pol body has the id of worker `w-2`; Pol body has the name of worker `w-2`"},
		{"email", mail("shared@example.com", "Bo Lee; w-1; (419) 555.0101; Ana Ruiz"), `{}`, "Pol subject has the email address of worker `w-3`; Pol body has the name of worker `w-3`"},
		{"email", `{"to":"shared@example.com","subject":"shared@example.com","body":"x","worker_id":"w-4"}`, `{}`, ""},
		{"email", `{"to":"bo@example.com","subject":"Bo Lee Chan","body":"x"}`, `{"worker_id":"w-2"}`, ""},
		{"sms", sms("x"), `{}`, "Com no worker is named"},
		{"sms", sms("ssn 123-45-6789 w-2"), `{}`, "Com no worker is named; Pol body has what looks like a social security number"},
		{"sms", sms("x"), `{"worker_id":""}`, "Con worker `` is not in the roster"},
		{"sms", sms("x"), `{"worker_id":"w-3"}`, "Con recipient is not the phone number of worker `w-3`"},
		{"sms", sms("x"), `{"worker_id":"w-4"}`, "Con recipient is not the phone number of worker `w-4`"},
		{"sms", sms("Hi ^€"), w1, "info 7 of 160 GSM-7 septets"},
		{"sms", sms("Hi 😀ç"), w1, "info 6 of 70 UCS-2 units because of `😀` (U+1F600)"},
		{"sms", sms(strings.Repeat("x", 161)), w1, "Com body takes 161 GSM-7 septets, at most 160 fit"},
		{"sms", sms(strings.Repeat("ç", 71)), w1, "Com body takes 71 UCS-2 units because of `ç` (U+00E7), at most 70 fit"},
	})
}

func TestPlaybook(t *testing.T) {
	runCases(t, []checkCase{
		{"playbook", `"x"`, `{}`, "Sch `artifact` must be an object"},
		{"playbook", `{"query_text":1,"answer_id":"","score":null,"role":1}`, `{}`, "Sch `query_text` must be a string; Sch `answer_corpus` is missing; Sch `score` must be a number; Sch `role` must be a string"},
		{"playbook", `{"query_text":" ","answer_id":"","answer_corpus":"","score":1e400}`, `{}`, "Com query_text is empty; Com answer_id is empty; Com answer_corpus is empty; Con score must be between 0 and 1"},
		{"playbook", `{"query_text":"` + strings.Repeat("x", 2001) + `","answer_id":"w-9","answer_corpus":"workers","score":-1,"role":"x"}`, `{}`, "Com query_text has 2001 characters, at most 2000 are allowed; Con score must be between 0 and 1; Con worker `w-9` is not in the roster"},
		{"playbook", `{"query_text":"078051120","answer_id":"w-2","answer_corpus":"workers","score":1.0,"role":"Picker"}`, `{}`, "Con worker `w-2` does not work as `Picker`; Pol worker `w-2` is not active; Pol query_text has what looks like a social security number"},
		{"playbook", `{"query_text":"x","answer_id":"w-9","answer_corpus":"Workers","score":0}`, `{}`, ""},
	})
}

func TestRequestErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{"artifact":1,"kinds":1}`:                  "unknown field `kinds`; expected one of `kind`, `artifact`, `context`",
		`{"artifact":1}`:                            "missing field `kind`",
		`{"kind":"Fill"}`:                           "field `kind` must be one of `fill`, `email`, `sms`, `playbook`",
		`{"kind":"fill"}`:                           "missing field `artifact`",
		`{"kind":"fill","artifact":1,"context":[]}`: "field `context` must be an object",
		`{"kind":"fill","artifact":1,"context":{"count":0,"Role":1}}`:       "unknown field `context.Role`; expected one of `count`, `role`, `city`, `state`, `client`, `date`, `start`, `end`, `worker_id`",
		`{"kind":"sms","artifact":1,"context":{"count":1001}}`:              "field `context.count` must be an integer from 1 to 1000",
		`{"kind":"sms","artifact":1,"context":{"date":"2026-02-29"}}`:       "field `context.date` must be a date (YYYY-MM-DD)",
		`{"kind":"sms","artifact":1,"context":{"end":"24:00","count":1}}`:   "field `context.end` must be a time (HH:MM)",
		`{"kind":"sms","artifact":1,"context":{"worker_id":1,"city":[]}}`:   "field `context.city` must be a string",
		`{"kind":"fill","artifact":{},"context":{"count":null,"x":1}}`:      "unknown field `context.x`; expected one of `count`, `role`, `city`, `state`, `client`, `date`, `start`, `end`, `worker_id`",
		`{"kind":"fill","artifact":1,"context":{"start":"1:00","end":"x"}}`: "field `context.start` must be a time (HH:MM)",
	} {
		if _, err := ReadRequest([]byte(body)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
}

func TestLine(t *testing.T) {
	workers := testRoster(t)
	for line, want := range map[string]string{
		`{"kind":"fill","artifact":{"fills":[{"worker_id":"w-3"}]}}`: `{"status":200,"body":{"kind":"fill","findings":[],"elapsed_ms":0}}`,
		`{"kind":"fill","artifact":{"fills":[{}]}}`:                  `{"status":422,"body":{"Schema":{"field":"fills[0].worker_id","reason":"is missing"}}}`,
		`{"kind":"fill","artifact":{"fills":[]}}`:                    `{"status":422,"body":{"Completeness":{"reason":"fills is empty"}}}`,
		`[]`: `{"status":400,"body":{"type":"about:blank","title":"Bad Request","status":400,"detail":"request body must be a JSON object"}}`,
	} {
		got := elapsed.ReplaceAllString(string(Line([]byte(line), nil, workers)), `"elapsed_ms":0`)
		if got != want {
			t.Errorf("%s: %s", line, got)
		}
	}
}

func TestReadFailure(t *testing.T) {
	for text, want := range map[string]string{
		`{"Schema":{"reason":"r","field":"f"}}`:             `{"Schema":{"field":"f","reason":"r"}}`,
		`{"Policy":{"reason":"r"}}`:                         `{"Policy":{"reason":"r"}}`,
		`{"Policy":1,"Policy":{"reason":"r"}}`:              `{"Policy":{"reason":"r"}}`,
		`{"Kind":"schema","Field":"f","Reason":"r"}`:        `{"Schema":{"field":"f","reason":"r"}}`,
		`{"Reason":"r","Kind":"consistency"}`:               `{"Consistency":{"reason":"r"}}`,
		`{"Kind":"completeness","Field":"f","Reason":"r"}`:  `{"Completeness":{"reason":"r"}}`,
		`{"Kind":"completeness","Field":1,"Reason":"r"}`:    ``,
		`{"Kind":"schema","Reason":"r"}`:                    ``,
		`{"Kind":"Schema","Field":"f","Reason":"r"}`:        ``,
		`{"kind":"schema","Field":"f","Reason":"r"}`:        ``,
		`{"Kind":"policy","Reason":"r","x":1}`:              ``,
		`{"Policy":{"reason":"r","field":"f"}}`:             ``,
		`{"Schema":{"reason":"r"}}`:                         ``,
		`{"Policy":{"reason":"r"},"Schema":{"reason":"r"}}`: ``,
		`{"policy":{"reason":"r"}}`:                         ``,
		`{}`:                                                ``,
		`null`:                                              ``,
		`{"Policy":null}`:                                   ``,
	} {
		v, err := rawjson.Parse([]byte(text), 0)
		if err != nil {
			t.Fatal(err)
		}
		f, ok := ReadFailure(v)
		got := ""
		if ok {
			got = string(f.AppendJSON(nil))
		}
		if got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
