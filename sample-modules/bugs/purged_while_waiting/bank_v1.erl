%% bank, version 1: takes its time with a payment, and says what was paid in all.
-module(bank).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, handle_info/2]).

%% How long a payment takes, in milliseconds.
-define(TAKES, 500).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{paid => 0}}.

handle_call({pay, Amount}, From, State) ->
    erlang:send_after(?TAKES, self(), {paid, From, Amount}),
    {noreply, State}.

handle_cast(never, State) -> {noreply, State}.

handle_info({paid, From, Amount}, #{paid := Paid}) ->
    gen_server:reply(From, Paid + Amount),
    {noreply, #{paid => Paid + Amount}}.
