// Command peer is a small implementation of the lakehouse wire contract, for
// comparison with other implementations.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"lakehouse.invalid/peer/internal/helper"
	"lakehouse.invalid/peer/internal/server"
)

const version = "0.1.0"

const usage = `usage:
  peer serve --port N [--root DIR] [--roster FILE] [--ollama-url URL] [--upstream-timeout-ms N] [--lexicon DIR]
  peer helper <surface> [--root DIR] [--roster FILE] [--lexicon DIR]
  peer version`

// errUsage is a wrong command line; the exit status is 2.
var errUsage = errors.New(usage)

func main() {
	err := run(os.Args[1:])
	switch {
	case err == nil:
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "serve":
		return serve(args[1:])
	case "helper":
		return runHelper(args[1:])
	case "version":
		fmt.Println(runtime.Version(), "peer", version)
		return nil
	}
	return fmt.Errorf("unknown command `%s`\n%w", args[0], errUsage)
}

// parse reads flags and rejects anything else.
func parse(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(os.Stderr)
	flags.Usage = func() {}
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument `%s`\n%w", flags.Arg(0), errUsage)
	}
	return nil
}

func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	port := flags.Int("port", -1, "")
	root := flags.String("root", "./data", "")
	rosterFile := flags.String("roster", "", "")
	ollamaURL := flags.String("ollama-url", "", "")
	lexicon := flags.String("lexicon", "", "")
	timeout := flags.Int64("upstream-timeout-ms", 0, "")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *port < 0 {
		return fmt.Errorf("missing `--port`\n%w", errUsage)
	}
	s, err := server.New(server.Config{
		Root:            *root,
		RosterFile:      *rosterFile,
		OllamaURL:       *ollamaURL,
		Lexicon:         *lexicon,
		UpstreamTimeout: time.Duration(*timeout) * time.Millisecond,
		Version:         version,
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(*port)))
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	return s.Serve(ctx, listener)
}

func runHelper(args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet("helper", flag.ContinueOnError)
	root := flags.String("root", "", "")
	rosterFile := flags.String("roster", "", "")
	lexicon := flags.String("lexicon", "", "")
	if err := parse(flags, args[1:]); err != nil {
		return err
	}
	answer, err := helper.ForSurface(args[0], *root, *rosterFile, *lexicon)
	if err != nil {
		return err
	}
	return helper.Run(os.Stdin, os.Stdout, answer)
}
