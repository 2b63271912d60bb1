%% till, version 1: keeps a fun that another module made, and calls it. It takes notes,
%% too.
-module(till).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{'fun' => undefined, notes => []}}.

%% Nothing more than an answer.
handle_call(open, _, State) ->
    {reply, yes, State};
%% What the fun gives; free if there is none, badfun if its code is gone.
handle_call({charge, _}, _, #{'fun' := undefined} = State) ->
    {reply, free, State};
handle_call({charge, N}, _, #{'fun' := Fun} = State) ->
    {reply, try Fun(N) catch error:{badfun, _} -> badfun end, State}.

handle_cast({use, Fun}, State) ->
    {noreply, State#{'fun' := Fun}};
handle_cast({note, Note}, #{notes := Notes} = State) ->
    {noreply, State#{notes := Notes ++ [Note]}}.

handle_info(_, State) -> {noreply, State}.
