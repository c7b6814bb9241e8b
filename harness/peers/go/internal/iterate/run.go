package iterate

import (
	"context"
	"time"

	"lakehouse.invalid/peer/internal/extract"
	"lakehouse.invalid/peer/internal/ollama"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/sessionlog"
	"lakehouse.invalid/peer/internal/validate"
	"lakehouse.invalid/peer/internal/wire"
)

const ollamaName = "ollama"

// Chatter is a provider of replies.
type Chatter interface {
	Chat(ctx context.Context, model string, messages []ollama.Message, opts ollama.Options) (ollama.Reply, error)
}

// Service answers iterate requests and keeps their records below Root. The
// Chatter is nil when no provider is configured.
type Service struct {
	Chatter Chatter
	Root    string
}

// outcome is the result of a run.
type outcome struct {
	verdict  string
	attempts []sessionlog.Attempt
	artifact rawjson.Value
	findings []validate.Finding
	grounded bool
	failure  string
}

// Respond runs the request in body and returns the answer's status and body.
// Its errors are problems.
func (s *Service) Respond(body []byte, trace string, workers *roster.Roster) (int, []byte, error) {
	start := time.Now()
	req, err := ReadRequest(body)
	if err != nil {
		return 0, nil, err
	}
	switch {
	case s.Chatter == nil:
		return 0, nil, unknownProvider(req.Provider, "none")
	case req.Provider != ollamaName:
		return 0, nil, unknownProvider(req.Provider, "`"+ollamaName+"`")
	}
	out := s.run(req, workers)
	line := record(req, trace, out, time.Since(start)).AppendJSON(nil, time.Now())
	if sessionlog.Append(s.Root, line) != nil {
		return 0, nil, &wire.Problem{Status: 507, Detail: "session record cannot be written"}
	}
	status, answer := respond(req, trace, out)
	return status, answer, nil
}

// run makes the attempts. It continues when the client disconnects, and still
// writes the record.
func (s *Service) run(req *Request, workers *roster.Roster) *outcome {
	out := &outcome{verdict: sessionlog.MaxIterExhausted}
	messages := opening(req)
	opts := ollama.Options{Temperature: req.Temperature, MaxTokens: req.MaxTokens}
	for i := int64(1); i <= req.MaxIterations; i++ {
		reply, err := s.Chatter.Chat(context.Background(), req.Model, messages, opts)
		if err != nil {
			out.verdict, out.failure = sessionlog.InfraError, err.Error()
			return out
		}
		attempt := sessionlog.Attempt{Iteration: i, Raw: reply.Text}
		reason := out.judge(&attempt, reply.CutOff, req, workers)
		out.attempts = append(out.attempts, attempt)
		if attempt.Verdict == sessionlog.Accepted {
			return out
		}
		messages = append(messages, ollama.Message{Role: "assistant", Content: reply.Text}, correction(reason))
	}
	return out
}

// judge sets an attempt's verdict and returns, unless it is accepted, the
// reason.
func (out *outcome) judge(attempt *sessionlog.Attempt, cutOff bool, req *Request, workers *roster.Roster) string {
	reply := extract.Read(attempt.Raw)
	var failure *validate.Failure
	for object := range reply.Objects() {
		check := &validate.Request{Kind: req.Kind, Artifact: object, Context: req.Context}
		result := validate.Check(check, workers)
		if len(result.Failures) > 0 {
			failure = &result.Failures[0]
			continue
		}
		attempt.Verdict = sessionlog.Accepted
		out.verdict = sessionlog.Accepted
		out.artifact = object
		out.findings = result.Findings
		out.grounded = validate.Grounded(check, workers)
		return ""
	}
	switch {
	case cutOff:
		attempt.Verdict = sessionlog.CutOff
		return "it was cut off at the length limit before it was complete, make it shorter"
	case failure != nil:
		attempt.Verdict = sessionlog.ValidationFailed
		attempt.Error = failure
		return failure.String()
	}
	attempt.Verdict = sessionlog.NoJSON
	return reply.WhyNone()
}

func record(req *Request, trace string, out *outcome, took time.Duration) *sessionlog.Record {
	r := &sessionlog.Record{
		SessionID:     trace,
		Kind:          req.Kind,
		Provider:      req.Provider,
		Model:         req.Model,
		Prompt:        req.Prompt,
		Iterations:    int64(len(out.attempts)),
		MaxIterations: req.MaxIterations,
		FinalVerdict:  out.verdict,
		Attempts:      out.attempts,
		DurationMS:    took.Milliseconds(),
	}
	switch out.verdict {
	case sessionlog.Accepted:
		r.Artifact = out.artifact
		r.GroundedInRoster = &out.grounded
	case sessionlog.InfraError:
		r.Error = &out.failure
	}
	return r
}
