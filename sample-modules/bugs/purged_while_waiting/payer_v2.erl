%% payer, version 2: says in cents what it has paid.
-module(payer).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{paid => 0}}.

handle_call({pay, Amount} = Request, _, #{paid := Paid}) ->
    _ = gen_server:call(bank, Request),
    {reply, 100 * (Paid + Amount), #{paid => Paid + Amount}}.

handle_cast(never, State) -> {noreply, State}.
