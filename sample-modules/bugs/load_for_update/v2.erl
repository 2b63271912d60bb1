%% quota, version 2: how much has been taken, and how often.
%%
%% It is right, and has its conversion. The bug is with who loads it where it has to be
%% updated: nothing is converted then.
-module(quota).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{taken => 0, times => 0}}.

handle_call({take, N}, _, #{taken := Taken, times := Times}) ->
    {reply, Taken + N, #{taken => Taken + N, times => Times + 1}}.

handle_cast(never, State) -> {noreply, State}.

code_change("1", #{taken := Taken}, _) -> {ok, #{taken => Taken, times => 0}};
code_change({down, "1"}, #{taken := Taken}, _) -> {ok, #{taken => Taken}}.
